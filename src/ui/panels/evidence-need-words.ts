import type { EvidenceCard } from "#core/summary.ts";
import { defineWords } from "../words.ts";

type Kind = EvidenceCard["about"]["kind"];

interface EvidenceNeedWords {
  readonly kinds: Readonly<Record<Kind, string>>;
  readonly needs: (kind: string, experts: number) => string;
  readonly takes: (time: string) => string;
  readonly asking: string;
  readonly hasAll: (kind: string) => string;
  readonly without: (experts: string) => string;
  readonly measure: Readonly<Record<Kind, string>>;
  readonly use: string;
  readonly running: (kind: string, done: number, total: number) => string;
  readonly stop: string;
  readonly failed: (message: string) => string;
}

export const evidenceNeedWords = defineWords<EvidenceNeedWords>({
  en: {
    kinds: {
      mask: "trained masks",
      fisher: "Fisher information",
      gram: "Gram matrices of layer inputs",
      sensitivity: "sensitivities of the base",
    },
    needs: (kind, experts) =>
      experts === 1
        ? `This merge needs ${kind} of one more expert`
        : `This merge needs ${kind} of ${experts} experts`,
    takes: (time) => (/^\d/.test(time) ? `: about ${time}.` : `: ${time}.`),
    asking: ".",
    hasAll: (kind) => `This merge needs ${kind}, which have been measured already.`,
    without: (experts) =>
      `${experts}: no task is known, so there is nothing to measure on. Leave it out of the merge.`,
    measure: {
      mask: "Train masks now",
      fisher: "Measure now",
      gram: "Measure now",
      sensitivity: "Measure now",
    },
    use: "Use them",
    running: (kind, done, total) => `${kind}: ${done} of ${total} done`,
    stop: "Stop",
    failed: (message) => `The last attempt failed: ${message}`,
  },
  ja: {
    kinds: {
      mask: "学習したマスク",
      fisher: "フィッシャー情報量",
      gram: "層の入力のグラム行列",
      sensitivity: "ベースの感度",
    },
    needs: (kind, experts) => `このマージには、エキスパート ${experts} 個の${kind}が必要です`,
    takes: (time) => (time.endsWith("未満") ? `（${time}）。` : `（約 ${time}）。`),
    asking: "。",
    hasAll: (kind) => `このマージに必要な${kind}は、すでに測定されています。`,
    without: (experts) => `${experts} はタスクが不明なので測定できません。マージから外してください。`,
    measure: {
      mask: "マスクを学習する",
      fisher: "いま測る",
      gram: "いま測る",
      sensitivity: "いま測る",
    },
    use: "それを使う",
    running: (kind, done, total) => `${kind}：${done} / ${total} 完了`,
    stop: "止める",
    failed: (message) => `前回は失敗しました：${message}`,
  },
});
