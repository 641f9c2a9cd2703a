/** Japanese words of the cards; the English ones are the cards themselves. Keys are ids of core's registries. */
export interface CardWords {
  readonly label?: string;
  readonly summary?: string;
  readonly deviations?: readonly string[];
  readonly controls?: Readonly<
    Record<
      string,
      { readonly label: string; readonly help?: string; readonly options?: Readonly<Record<string, string>> }
    >
  >;
}

export const japaneseCards: Readonly<Record<string, CardWords>> = {
  linear: {
    label: "平均",
    summary: "エキスパートの重みの加重平均です。最も単純なマージで、他の手法の基準になります。",
    deviations: ["重みの合計がゼロになるときは、合計で割りません。"],
    controls: {
      normalize: {
        label: "重みの合計で割る",
        help: "オンでは、重みの合計によらず真の平均になります。オフでは単なる加重和です。",
      },
    },
  },
  "task-arithmetic": {
    label: "タスク算術",
    summary: "各エキスパートが学んだ変化を、一つの λ で拡大縮小してベースに足します。",
    deviations: [
      "エキスパートごとの重みもあります（変えなければ 1）。論文にあるのは λ だけです。",
      "mergekit の λ は 1 から始まりますが、ここでは比較論文にならい 0.3 から始めます。",
    ],
    controls: {
      normalize: {
        label: "重みの合計で割る",
        help: "論文では割らずに足し合わせます。mergekit には両方あり、初期値は割らないほうです。",
      },
    },
  },
  ties: {
    summary: "各要素では、選ばれた符号に賛成するエキスパートだけの声を聞きます。",
    deviations: [
      "票がちょうどゼロのときは mergekit と同じく正を選びます。公式コードはモデル全体の多数派を採りますが、ここではテンソルごとに選べます。",
      "公式コードの初期値は賛成するタスクベクトルの和ですが、論文は平均で、ここでも平均します。",
      "mergekit と同じく、エキスパートに重みがあります。論文にはありません。",
    ],
    controls: {
      average: {
        label: "割る数",
        help: "賛成するエキスパートの和を何で割るかです。重みがすべて 1 なら、はじめの二つはどちらも論文の平均になります。公式コードの初期値は和です。",
        options: { weights: "賛成した重みの和", count: "賛成した数", none: "割らない（和）" },
      },
      tie: {
        label: "票がゼロなら",
        help: "エキスパートがちょうど打ち消し合うとき、mergekit のように正とするか、テンソル内で多かった符号とするかです。",
        options: { plus: "正", majority: "テンソルの多数派" },
      },
      vote: {
        label: "票の重み",
        help: "エキスパートの重みを、mergekit のように符号の票にも使うか、peft のように配分だけに使うかです。",
        options: { weighted: "重みつき", plain: "みな同じ" },
      },
    },
  },
  "lora-merge": {
    label: "LoRA マージ",
    summary: "低ランクの更新を足し、和も低ランクに保ちます。結果をまたアダプターとして保存できます。",
    deviations: [
      "更新は積 s·B·A のまま足し、因子ごとには混ぜません（「A の平均 × B の平均」を選んだ場合を除く）。peft の linear は因子を混ぜます。",
      "その平均は、ランクが同じアダプターにだけ使えます。ほかの行列は正確な和になります。",
      "アダプターでないエキスパートや疎化したエキスパートは、タスクベクトルの特異方向で加わります。",
      "行列でないテンソルは単純に足します。",
    ],
    controls: {
      kind: {
        label: "和の持ち方",
        help: "正確な和には、最大で全ランクの合計が必要です。因子を別々に平均すると（linear と呼ぶツールもあります）、どのエキスパートも学んでいない交差項が加わります。",
        options: {
          svd: "指定ランクで最良の和",
          linear: "正確な和（和そのもののランク）",
          cat: "正確な和（因子を並べる）",
          factors: "A の平均 × B の平均",
        },
      },
      rank: {
        label: "ランク",
        help: "「指定ランクで最良の和」のときの、各マージ行列のランクです。残るエネルギーはテンソル表に示します。",
      },
      normalize: { label: "重みの合計で割る", help: "和ではなく平均になります。" },
    },
  },
  arrow: {
    label: "Arrow ルーティング",
    summary: "アダプターを混ぜず、層ごとに、入力に最もよく応える更新を持つエキスパートへ振り分けます。",
    deviations: [
      "重みだけではない一つのモデルになります。マージしたモデルと比べるときはこの点に注意してください。実行も保存も高くつきます。",
      "論文が使うエキスパート数は不明です。mttl の初期値は全部、peft は 3 です。",
      "グラフが単純な線形層として使う層だけを振り分け、ほかのテンソルは平均します。",
      "エキスパートの重みと λ を動かせます。論文にはどちらもありません。",
    ],
    controls: {
      topK: {
        label: "入力あたりのエキスパート数",
        help: "一つの層で入力が向かう上限です。0 は全部。mttl の初期値は全部、peft は 3 です。",
      },
      temperature: {
        label: "温度",
        help: "低いほど最もよく応えるエキスパートに決め、高いほど均等に混ぜます。",
      },
      rank: {
        label: "密なエキスパートのランク",
        help: "アダプターでない、または疎化したエキスパートは、この数の特異方向で加わります。アダプターはそのまま加わります。",
      },
    },
  },
  emr: {
    summary: "共有のタスクベクトルを一つ持ち、タスクごとのマスクと倍率でそのタスクに切り替えます。",
    deviations: [
      "全体で一つではなく、タスクごとに一つのモデルになります。他の手法と比べるときはこの点に注意してください。",
      "倍率は公式コードと同じくテンソルごとの平均を足して求めます。小さなテンソルも大きなテンソルと同じ重さになります。",
      "マージしないテンソルは倍率の計算に入りません。",
      "エキスパートの重みと λ を動かせます。論文にはどちらもありません。",
    ],
    controls: {
      rescaler: {
        label: "倍率の求め方",
        help: "タスクごとの倍率は平均の大きさの比です。公式コードのようにテンソルごとの平均を足すか、全要素をまとめて求めるかを選びます。",
        options: { tensors: "テンソルごとの平均", flat: "全要素" },
      },
    },
  },
  magnitude: {
    label: "大きさ",
    summary: "微調整で大きく変わった要素だけを残し、あとは忘れます。",
    controls: {
      density: { label: "密度", help: "残す要素の割合です。大きいものから残します。" },
      scope: {
        label: "順位の範囲",
        help: "各テンソルが同じ割合を残すか、モデル全体で一つの割合を競うかです。",
        options: { tensor: "各テンソル", model: "モデル全体" },
      },
      count: {
        label: "数え方",
        help: "TIES の公式コードは一つ多く残し、最後の一つと同じ大きさのものもすべて残します。",
      },
    },
  },
  dare: {
    summary: "硬貨投げで要素を捨て、残りを大きくして埋め合わせます。",
    deviations: [
      "硬貨はシード、エキスパート、テンソル名、位置だけで決まります。順序やワーカー数、停止ステップが変わってもマスクは変わりません。",
      "mergekit は 1 / 密度 ではなく、大きさの和が同じになるように拡大します（拡大: |τ| の和を保つ）。",
    ],
    controls: {
      density: { label: "密度", help: "各要素を残す確率です。論文の脱落率 p は 1 − 密度 です。" },
      rescale: {
        label: "拡大",
        help: "タスクベクトルの大きさを保つための拡大です。論文は 1 / 密度、mergekit は大きさの和が元と同じになるまで拡大します。",
        options: { density: "1 / 密度", l1: "|τ| の和を保つ", none: "しない" },
      },
    },
  },
  tadrop: {
    label: "TADrop（再構成）",
    summary: "変化がどれも似ているテンソルからは多く捨て、少数が際立つテンソルからは少なく捨てます。",
    controls: {
      sMax: { label: "捨てる上限", help: "脱落率の上限です。すべての要素がゼロのテンソルにも使います。" },
      budget: {
        label: "予算に合わせる",
        help: "エキスパートの脱落率すべてに一つの係数を掛けて、残す割合を目標に合わせます。全テンソル一律の割合と公平に比べられます。",
      },
      target: {
        label: "目標の密度",
        help: "対象のテンソル全体で各エキスパートが残す割合です。要素数の許すかぎり近づけます。予算に合わせるときだけ使います。",
      },
      rescale: {
        label: "拡大",
        help: "残した要素の拡大です。しない、テンソル全体の L1 または L2 ノルムに合わせる、1 / 実際の密度、から選びます。",
      },
      pLo: { label: "下の分位点", help: "普通の要素を表す |τ| の分位点です。" },
      pHi: { label: "上の分位点", help: "大きな要素を表す |τ| の分位点です。" },
      sMin: { label: "捨てる下限", help: "脱落率の下限です。" },
      minSize: {
        label: "最小のテンソル",
        help: "要素数がこれより少ないテンソルは丸ごと残します。少ない数の分位点は雑音だからです。",
      },
    },
  },
};

export const japanesePresets: Readonly<
  Record<string, { readonly label?: string; readonly summary: string }>
> = {
  average: { label: "単純平均", summary: "エキスパートの重みの平均です。" },
  "task-arithmetic": { label: "タスク算術", summary: "全タスクベクトルを λ 0.3 で足します。" },
  "ties-paper": {
    label: "TIES（論文）",
    summary: "モデル全体の上位 20 %、符号の選出、賛成したものの平均。",
  },
  "ties-official": {
    label: "TIES（公式コード）",
    summary: "著者のプログラムどおり。一つ多く、同順位もすべて残し、賛成したものの和、λ 0.3。",
  },
  "ties-mergekit": {
    label: "TIES（mergekit）",
    summary: "各テンソルの上位 20 %、重みつきの符号の選出、賛成した重みで割ります。",
  },
  "dare-linear": {
    label: "DARE + タスク算術",
    summary: "要素の九割を無作為に捨て、残りを拡大して足します。",
  },
  "dare-ties": { summary: "大きさではなく無作為に捨ててから、符号を選びます。" },
  "tadrop-task-arithmetic": {
    label: "TADrop + タスク算術",
    summary: "変化が似たテンソルほど多く捨て、残りを足します。",
  },
  "tadrop-ties": { summary: "テンソルごとの割合で刈り込んでから、符号を選びます。" },
  emr: { summary: "共有のタスクベクトル一つと、タスクごとのマスクと倍率。" },
  "tadrop-emr": { summary: "テンソルごとに刈り込んだタスクベクトルでの EMR。" },
};
