import { defineWords } from "../words.ts";

export const runWords = defineWords({
  en: {
    stop: "Stop measuring",
    stopped: "Stopped. What was measured stays.",
    failed: (why: string) => `Could not be measured: ${why}`,
    progress: (percent: string) => `${percent} measured`,
  },
  ja: {
    stop: "測定を止める",
    stopped: "止めました。測定済みの値は残っています。",
    failed: (why: string) => `測定できませんでした: ${why}`,
    progress: (percent: string) => `${percent} 測定済み`,
  },
});
