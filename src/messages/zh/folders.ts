import type { folders as english } from "../en/folders.ts";

export const folders: typeof english = {
  damagedLock: (file) => `其锁文件“${file}”已损坏；请删除它`,
  changingLock: (file) => `其锁文件“${file}”不断变化`,
  beingTaken: "另一个运行正在占用它",
  taken: ({ owner, remove }) =>
    `另一个运行正在写入该处（${owner}）${remove === null ? "" : `；如果该进程已不存在，请删除“${remove}”`}`,
  owner: ({ pid, host, since }) => `进程 ${pid}${host === null ? "" : `，位于“${host}”`}，自 ${since} UTC 起`,
  outside: (folder) => `“${folder}”在允许的文件夹之外`,
  noName: (name) => `“${name}”不是文件名`,
  remove: {
    link: (file) => `“${file}”是链接，一概不跟随；请删除它`,
    folder: (file) => `“${file}”是文件夹；请删除它`,
    special: (file) => `“${file}”不是普通文件；请删除它`,
  },
  notOurs: (file) => `“${file}”不是由 Gradient Lens 写出的；请删除它`,
  otherFolder: (folder) => `“${folder}”已不是原来的文件夹`,
  linkElsewhere: (file) => `链接指向了别处：“${file}”`,
};
