/** Real private storage of a real browser. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { fileStore } from "./opfs.ts";

const FOLDER = "test-of-opfs";
const store = fileStore(FOLDER);
const bytes = (...values: number[]) => Uint8Array.from(values);

beforeEach(async () => {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(FOLDER, { recursive: true }).catch(() => {});
});

const read = async (key: string) => {
  const file = await store.get(key);
  return file && [...new Uint8Array(await file.arrayBuffer())];
};

describe("files in private storage", () => {
  test("come back as they were written, part by part", async () => {
    await store.put("run-1", [bytes(1, 2), bytes(), bytes(3)]);
    expect(await read("run-1")).toEqual([1, 2, 3]);
    expect(await read("run-2")).toBeUndefined();
  });

  test("are replaced as a whole", async () => {
    await store.put("run-1", [bytes(1, 2, 3)]);
    await store.put("run-1", [bytes(9)]);
    expect(await read("run-1")).toEqual([9]);
  });

  test("stay as they were when a writing is cut off, and what is left of it is not listed", async () => {
    await store.put("run-1", [bytes(1)]);
    const broken = [bytes(2), undefined as unknown as Uint8Array<ArrayBuffer>];
    await expect(store.put("run-1", broken)).rejects.toMatchObject({ code: "storage/unavailable" });
    expect(await read("run-1")).toEqual([1]);
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER);
    await folder.getFileHandle("run-2~", { create: true });
    expect((await store.list()).map(({ key }) => key)).toEqual(["run-1"]);
    await folder.removeEntry("run-2~");
  });

  test("are listed by key with their sizes, and can be removed", async () => {
    await store.put("b", [bytes(1, 2, 3)]);
    await store.put("a", [bytes(1)]);
    expect(await store.list()).toMatchObject([
      { key: "a", bytes: 1 },
      { key: "b", bytes: 3 },
    ]);
    await store.remove("a");
    await store.remove("a");
    expect((await store.list()).map(({ key }) => key)).toEqual(["b"]);
  });

  test("tell when there is no room", async () => {
    const full = vi.spyOn(FileSystemFileHandle.prototype, "createWritable");
    full.mockRejectedValue(new DOMException("too much", "QuotaExceededError"));
    await expect(store.put("big", [bytes(1)])).rejects.toMatchObject({ code: "storage/full" });
    full.mockRestore();
    expect(await store.list()).toEqual([]);
  });
});
