/** Files out of a drop, folders walked to their ends. */

/** More files than this in one drop is a mistake (a home folder, say), neither experts nor pictures to learn from. */
const MAX_FILES = 20_000;

/** True when a drag carries files, so that text dragged inside the page is left alone. */
export function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes("Files") ?? false;
}

/** All files of a drop in order, at most 20,000; hidden files are left out. Call it inside the drop event. */
export async function filesOfDrop(transfer: DataTransfer): Promise<readonly File[]> {
  // The items die with the event: take the entries before the first await.
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry());
  const plain = Array.from(transfer.files);
  if (entries.every((entry) => entry === null || entry.isFile)) return plain;
  const files: File[] = [];
  for (const entry of entries) if (entry) await walk(entry, files);
  return files;
}

async function walk(entry: FileSystemEntry, into: File[]): Promise<void> {
  if (into.length >= MAX_FILES || entry.name.startsWith(".")) return;
  if (isFile(entry)) {
    into.push(pathed(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)), entry));
  } else if (isFolder(entry)) {
    for (const child of await childrenOf(entry)) await walk(child, into);
  }
}

/** The file, telling its folders as one from a folder input does: an entry's file forgets them. */
function pathed(file: File, { fullPath }: FileSystemEntry): File {
  return Object.defineProperty(file, "webkitRelativePath", { value: fullPath.replace(/^\//, "") });
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** The reader hands out at most 100 entries at a time; an empty batch is the end. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return all.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
    all.push(...batch);
  }
}
