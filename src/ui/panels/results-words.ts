import { defineWords } from "../words.ts";

export const resultsWords = defineWords({
  en: {
    waiting: "Charts appear with the first numbers.",
    noExamples:
      "Evaluation needs examples: drop some with your models (CSV, JSON lines, .npy, .npz, IDX, or pictures in one folder per class). Merging, the tensor table and saving work without.",
    failed: "The zoo could not be opened, so there is nothing to show.",
  },
  ja: {
    waiting: "最初の数値が出るとグラフを表示します。",
    noExamples:
      "評価にはデータが必要です。モデルと一緒にドロップしてください（CSV、JSON Lines、.npy、.npz、IDX、クラスごとのフォルダーに入れた画像）。マージ、テンソル表、保存はデータなしでも使えます。",
    failed: "モデル集を開けなかったため、表示できるものがありません。",
  },
});
