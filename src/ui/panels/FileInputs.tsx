import { actionWords } from "../action-words.ts";
import { inputId, openPicked } from "../pick-files.ts";
import { useWords } from "../words.ts";

/** React's types do not know the attribute. */
const directory = { webkitdirectory: "" };

/** The page's two file inputs; buttons and actions open them. */
export function FileInputs() {
  const text = useWords(actionWords);
  return (
    <div hidden>
      <input
        id={inputId("files")}
        type="file"
        multiple
        aria-label={text.openFiles}
        onChange={(event) => openPicked(event.currentTarget)}
      />
      <input
        id={inputId("folder")}
        type="file"
        multiple
        {...directory}
        aria-label={text.openFolder}
        onChange={(event) => openPicked(event.currentTarget)}
      />
    </div>
  );
}
