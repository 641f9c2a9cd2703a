import { defineWords } from "../words.ts";

interface TaskWords {
  readonly title: string;
  readonly titles: (count: number) => string;
  readonly description: string;
  readonly name: string;
  readonly nameHelp: string;
  readonly classes: (count: string, names: string) => string;
  readonly counts: (train: string, validation: string, test: string) => string;
  readonly samples: string;
  readonly invert: string;
  readonly invertHelp: string;
  readonly borders: (own: string, family: string) => string;
  readonly inverted: string;
  readonly head: string;
  readonly headHelp: string;
  readonly two: string;
  readonly all: string;
  readonly add: string;
  readonly addAll: (count: number) => string;
}

export const taskWords = defineWords<TaskWords>({
  en: {
    title: "Add as a task",
    titles: (count) => `Add ${count} tasks`,
    description:
      "The examples stay on your device. Base, experts and merges are measured on them, and an expert can be trained for them in the workbench.",
    name: "Name",
    nameHelp: "What charts and lists call the task.",
    classes: (count, names) => `${count} classes: ${names}`,
    counts: (train, validation, test) =>
      `${train} examples to learn from, ${validation} for validation, ${test} for the test`,
    samples: "Examples as the models will see them",
    invert: "Swap light and dark",
    invertHelp: "For dark drawings on light paper where the models know light on dark, or the reverse.",
    borders: (own, family) =>
      `The borders of these pictures are ${own} bright, those of this family's pictures ${family}.`,
    inverted: "Swapped, so that they are alike.",
    head: "Head from",
    headHelp:
      "Each class's direction in the frozen head is the mean of the base's features of these examples. Two of each class is how the zoo's heads were drawn, and leaves most to the experts.",
    two: "Two a class",
    all: "All to learn from",
    add: "Add task",
    addAll: (count) => `Add ${count} tasks`,
  },
  ja: {
    title: "タスクとして追加",
    titles: (count) => `${count} 件のタスクを追加`,
    description:
      "データはこの端末から出ません。ベース、エキスパート、マージの成績がこのデータでも測られ、ワークベンチでエキスパートを学習できます。",
    name: "名前",
    nameHelp: "グラフや一覧での呼び名です。",
    classes: (count, names) => `${count} クラス：${names}`,
    counts: (train, validation, test) => `学習用 ${train} 件、検証用 ${validation} 件、テスト用 ${test} 件`,
    samples: "モデルに見えるとおりの例",
    invert: "明暗を入れ替える",
    invertHelp:
      "モデルが暗い地に明るい線を知っているのに、画像が明るい紙に暗い線である場合（またはその逆）に使います。",
    borders: (own, family) => `この画像の縁の明るさは ${own}、このファミリーの画像では ${family} です。`,
    inverted: "揃うように入れ替えました。",
    head: "ヘッドの元",
    headHelp:
      "固定ヘッドでの各クラスの向きは、これらの例に対するベースの特徴量の平均です。ズーのヘッドは各クラス 2 例から作られ、エキスパートが伸びる余地を最も残します。",
    two: "各クラス 2 例",
    all: "学習用すべて",
    add: "タスクを追加",
    addAll: (count) => `${count} 件のタスクを追加`,
  },
});
