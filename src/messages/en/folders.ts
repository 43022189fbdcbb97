/** Why a folder or a file cannot be written. */

export const folders = {
  damagedLock: (file: string) => `its lock "${file}" is damaged; remove it`,
  changingLock: (file: string) => `its lock "${file}" keeps changing`,
  beingTaken: "another run is taking it",
  taken: ({ owner, remove }: { owner: string; remove: string | null }) =>
    `another run writes there (${owner})${remove === null ? "" : `; if that process is gone, remove "${remove}"`}`,
  owner: ({ pid, host, since }: { pid: number; host: string | null; since: string }) =>
    `process ${pid}${host === null ? "" : ` on "${host}"`}, since ${since} UTC`,
  outside: (folder: string) => `"${folder}" is outside the permitted folder`,
  noName: (name: string) => `"${name}" is not a file name`,
  remove: {
    link: (file: string) => `"${file}" is a link, which is never followed; remove it`,
    folder: (file: string) => `"${file}" is a folder; remove it`,
    special: (file: string) => `"${file}" is not a plain file; remove it`,
  },
  notOurs: (file: string) => `"${file}" was not written by Gradient Lens; remove it`,
  otherFolder: (folder: string) => `"${folder}" is no longer the same folder`,
  linkElsewhere: (file: string) => `a link leads elsewhere: "${file}"`,
};
