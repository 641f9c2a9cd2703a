import { defineWords } from "../words.ts";

export const resultsWords = defineWords({
  en: {
    waiting: "Charts appear with the first numbers.",
    failed: "The zoo could not be opened, so there is nothing to show.",
  },
  ja: {
    waiting: "最初の数値が出るとグラフを表示します。",
    failed: "モデル集を開けなかったため、表示できるものがありません。",
  },
});
