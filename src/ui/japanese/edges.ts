/** What cards say of small and degenerate tensors, by the English sentence: most are said by many cards. */
export const edges: Readonly<Record<string, string>> = {
  "A tensor without entries stays empty; one with a single entry is merged like any other.":
    "要素のないテンソルは空のままです。要素が一つのテンソルは、ほかと同じようにマージします。",
  "Integers and booleans, such as counters, are the base's, whatever the experts hold.":
    "カウンターなどの整数と真偽値は、エキスパートの値によらずベースのものを使います。",
  "Tensors that are equal bit for bit in the base and in every expert (tied embeddings) are merged once and stay equal, unless a rule treats them apart.":
    "ベースでもどのエキスパートでもビット単位で等しいテンソル（共有された埋め込みなど）は一度だけマージし、等しいまま保ちます。ルールで別々に扱った場合を除きます。",
  "Where no expert differs from the base, the base comes out; an expert that does not differ takes part with a change of 0.":
    "どのエキスパートもベースと同じところでは、ベースがそのまま残ります。ベースと同じエキスパートは、変化 0 として加わります。",
  "Where all weights are 0, the base stays bit for bit.":
    "重みがすべて 0 のところでは、ベースがビット単位でそのまま残ります。",
  "NaN and infinity are counted when a file is opened: it is refused, or 0 or the base's value stands in. No merge sees one.":
    "NaN と無限大は、ファイルを開くときに数えます。そのファイルを使わないか、0 またはベースの値で補います。マージに入ることはありません。",
  "A tensor without entries stays empty, and a task vector of zeros stays all zero, at any density.":
    "密度によらず、要素のないテンソルは空のまま、すべて 0 のタスクベクトルは 0 のままです。",
  "Density 1 keeps every entry as it is. Density 0 leaves the base, but for what is said of single entries.":
    "密度 1 では全要素がそのまま残ります。密度 0 ではベースのままになります（要素が一つのテンソルについては、ほかの項目のとおりです）。",
  "Tied tensors are sparsified once and stay equal.":
    "共有されたテンソルは一度だけ疎化し、等しいまま保ちます。",
  "Weights that cancel to zero are not divided by their sum.":
    "重みが打ち消し合って合計が 0 になるときは、合計で割りません。",
  "An entry that an expert has not changed has no vote, and is not counted in the mean.":
    "エキスパートが変えていない要素は投票せず、平均にも数えません。",
  "An entry whose sum is exactly zero elects minus.": "和がちょうど 0 の要素では、負を選びます。",
  "A task to which the shared vector leaves nothing has the rescaler 1.":
    "共有ベクトルから何も残らないタスクの倍率は 1 です。",
  "Entries in no region are the base's bit for bit.":
    "どの領域にも入らない要素は、ビット単位でベースのままです。",
  "Where the weights of an overlap cancel, the sum is not divided.":
    "重なりの重みが打ち消し合うところでは、和を割りません。",
  "An entry that an expert has not changed never belongs to its task; a lone expert is kept whole.":
    "エキスパートが変えていない要素は、そのタスクのものになりません。エキスパートが一つだけなら、すべて残します。",
  "Where an expert has not changed an entry, its task's model is the base.":
    "エキスパートが変えていない要素は、そのタスクのモデルではベースのままです。",
  "An expert whose scores are all alike, such as one that changed nothing, adds nothing.":
    "何も変えていないなど、得点がすべて等しいエキスパートは、何も加えません。",
  "Matrices of a single row or column count as vectors.": "1 行または 1 列の行列は、ベクトルとして扱います。",
  "Matrices of a single row or column count as vectors; where the task vectors cancel, the base stays.":
    "1 行または 1 列の行列は、ベクトルとして扱います。タスクベクトルが打ち消し合うところでは、ベースのままです。",
  "Of two experts of which one has not moved, the base stays: their angle counts as a right one.":
    "二つのエキスパートの一方が動いていなければ、ベースのままです。そのなす角を直角とみなすからです。",
  "Where two weights cancel, t is one half.": "二つの重みが打ち消し合うときは、t を 1/2 とします。",
  "Where nobody has information on an entry, the floor makes it the average.":
    "どのエキスパートにも情報がない要素は、下限の値により平均になります。",
  "Where weights cancel, or inputs never occurred, the average stands.":
    "重みが打ち消し合うところや、入力が一度も現れなかったところは、平均になります。",
  "Of the whole model, a tensor of one entry competes like any other.":
    "モデル全体で競うときは、要素が一つのテンソルもほかと同じように競います。",
  "A tensor of one entry is tossed for like any other, so it may be dropped.":
    "要素が一つのテンソルにも硬貨を投げるので、捨てることがあります。",
  "Where nothing is kept, nothing is enlarged.": "何も残らないところでは、何も拡大しません。",
  "A tensor of zeros has no ratio: its rate is the upper limit, and it stays zero.":
    "すべて 0 のテンソルには比がないため、脱落率を上限とします。値は 0 のままです。",
  "Equal magnitudes make the ratio 1: the upper limit is dropped, and the lower positions stay.":
    "大きさがすべて等しいと比は 1 になり、上限まで捨てて、前の位置の要素を残します。",
  "Of equal magnitudes the lower positions count as the larger, so they are the outliers.":
    "大きさが等しければ前の位置ほど大きいとみなすので、前の位置が外れ値になります。",
  "A tensor of one entry is kept at density 0 too.": "要素が一つのテンソルは、密度 0 でも残します。",
  "A tensor of one entry competes with the whole model, and stays at the base unless it is among the largest.":
    "要素が一つのテンソルもモデル全体と競い、上位に入らなければベースのままです。",
  "Ranked alone, a tensor of one entry is kept at density 0 too; of the whole model it competes like any other.":
    "テンソルごとに順位をつけるときは、要素が一つのテンソルを密度 0 でも残します。モデル全体で競うときは、ほかと同じように競います。",
  "A matrix that an expert has not changed counts with strength 0; vectors and matrices of a single row or column stay at the base.":
    "エキスパートが変えていない行列の強さは 0 です。ベクトルと、一行または一列の行列は、ベースのままです。",
  "With 0 steps it is task arithmetic with changes of one length.":
    "ステップ数が 0 なら、変化の長さをそろえたタスク算術です。",
};
