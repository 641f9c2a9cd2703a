import { defineWords } from "../words.ts";

interface StorageWords {
  readonly title: string;
  readonly about: string;
  readonly keep: string;
  readonly isKept: string;
  readonly isOff: string;
  readonly failed: string;
  readonly used: (bytes: string) => string;
  readonly ofQuota: (bytes: string, quota: string) => string;
  readonly persistence: Readonly<Record<"kept" | "refused" | "unasked", string>>;
  readonly persist: string;
  readonly reading: string;
  readonly empty: string;
  readonly experts: string;
  readonly measurements: string;
  readonly trainings: string;
  readonly unreadable: string;
  readonly unreadableNote: string;
  readonly file: (name: string) => string;
  readonly checkpoints: (count: number) => string;
  readonly step: (done: string, total: string) => string;
  readonly otherBase: string;
  readonly damaged: string;
  readonly remove: (name: string) => string;
  readonly removeAll: string;
  readonly removeNow: string;
  readonly removeAllNow: (bytes: string) => string;
  readonly back: string;
  readonly stays: string;
}

export const storageWords = defineWords<StorageWords>({
  en: {
    title: "Stored in this browser",
    about:
      "Experts trained here and what was measured here stay in this browser’s private storage, so that a reload, a crash or another family costs nothing. Files that you open are never stored, and nothing leaves this machine.",
    keep: "Store what is made here",
    isKept: "It is there again when its base is opened, for recipes that name it too.",
    isOff:
      "What you make lasts until this page is closed or another family is opened. What is stored already stays until you delete it.",
    failed: "What you make now lasts until this page is closed or another family is opened.",
    used: (bytes) => `${bytes} stored.`,
    ofQuota: (bytes, quota) => `${bytes} stored; the browser allows up to ${quota}.`,
    persistence: {
      kept: "The browser keeps it until you delete it.",
      unasked: "When the disk runs short, the browser may delete all of it.",
      refused:
        "When the disk runs short, the browser may delete all of it: it was asked and has not agreed. It agrees more readily for pages that are bookmarked, installed or visited often.",
    },
    persist: "Ask the browser to keep it",
    reading: "Reading the storage…",
    empty: "Nothing is stored. Train an expert or measure one in the workbench, and it will be.",
    experts: "Experts",
    measurements: "Measurements",
    trainings: "Unfinished trainings",
    unreadable: "Files that cannot be read",
    unreadableNote: "They are not ours, damaged, or of another version of Kintsugi. Nothing uses them.",
    file: (name) => `File ${name}`,
    checkpoints: (count) => (count === 1 ? "1 checkpoint" : `${count} checkpoints`),
    step: (done, total) => `step ${done} of ${total}`,
    otherBase: "of a base that is not open",
    damaged: "changed since it was stored; left out",
    remove: (name) => `Delete ${name} from the storage`,
    removeAll: "Delete everything",
    removeNow: "Delete",
    removeAllNow: (bytes) => `Delete ${bytes} for good`,
    back: "Keep",
    stays: "What is open stays open until this page is closed.",
  },
  ja: {
    title: "このブラウザーに保存したもの",
    about:
      "ここで学習したエキスパートとここで測った結果は、ブラウザーの専用領域に残ります。再読み込みしても、停止しても、別のファミリーを開いても失われません。開いたファイルは保存せず、何もこの端末から出ません。",
    keep: "ここで作ったものを保存する",
    isKept: "同じベースを開くと戻ってきます。それを使うレシピもそのまま使えます。",
    isOff:
      "作ったものは、このページを閉じるか別のファミリーを開くまでです。すでに保存したものは削除するまで残ります。",
    failed: "これから作るものは、このページを閉じるか別のファミリーを開くまでです。",
    used: (bytes) => `${bytes} を保存しています。`,
    ofQuota: (bytes, quota) => `${bytes} を保存しています（ブラウザーの上限は ${quota}）。`,
    persistence: {
      kept: "削除するまでブラウザーが保持します。",
      unasked: "ディスクの空きが減ると、ブラウザーがまとめて消すことがあります。",
      refused:
        "ディスクの空きが減ると、ブラウザーがまとめて消すことがあります（消さないよう頼みましたが、応じていません）。ブックマークやインストールをしたページ、よく開くページでは応じやすくなります。",
    },
    persist: "消さないようブラウザーに頼む",
    reading: "保存領域を読み込んでいます…",
    empty: "まだ何もありません。ワークベンチで学習や測定をすると、ここに残ります。",
    experts: "エキスパート",
    measurements: "測定結果",
    trainings: "未完了の学習",
    unreadable: "読めないファイル",
    unreadableNote:
      "Kintsugi のものではないか、壊れているか、別のバージョンのものです。どこにも使われません。",
    file: (name) => `ファイル ${name}`,
    checkpoints: (count) => `チェックポイント ${count} 個`,
    step: (done, total) => `ステップ ${done} / ${total}`,
    otherBase: "開いていないベースのもの",
    damaged: "保存後に内容が変わったため使っていません",
    remove: (name) => `${name}を保存領域から削除`,
    removeAll: "すべて削除",
    removeNow: "削除する",
    removeAllNow: (bytes) => `${bytes} を完全に削除する`,
    back: "残す",
    stays: "開いているものは、このページを閉じるまで使えます。",
  },
});
