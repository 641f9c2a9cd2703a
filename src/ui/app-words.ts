import { defineWords } from "./words.ts";

export const appWords = defineWords({
  en: {
    library: "Library",
    recipe: "Recipe",
    tensors: "Tensors",
    results: "Results",
    panes: "Panes",
    resize: (left: string, right: string) => `Resize ${left} and ${right}`,
    skip: "Skip to recipe",
    drop: "Drop experts, examples or a recipe",
    dropNote: "They are read in this page and go nowhere.",
    crash: {
      title: "This part of the page stopped",
      note: "The recipe is safe: it is in the address of this page.",
      reload: "Reload page",
      again: "Try again",
      copy: "Copy recipe",
    },
  },
  ja: {
    library: "ライブラリ",
    recipe: "レシピ",
    tensors: "テンソル",
    results: "結果",
    panes: "ペイン",
    resize: (left, right) => `${left}と${right}の幅を変える`,
    skip: "レシピへ移動",
    drop: "エキスパート、データ、レシピをドロップ",
    dropNote: "ファイルはこのページの中だけで読み込まれ、どこにも送られません。",
    crash: {
      title: "この部分が停止しました",
      note: "レシピは無事です。このページのアドレスに入っています。",
      reload: "再読み込み",
      again: "もう一度試す",
      copy: "レシピをコピー",
    },
  },
});
