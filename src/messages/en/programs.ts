/** What commands say about Python programs and their runs. */
export const programs = {
  openProgramFirst: "Open the Python program with the training loop first.",
  threeLines: (why: string) => `${why} The three lines that it needs stand in docs/pytorch.md.`,
  openExternalRun: "Open External Run",
  showRun: "Show Run",
  noEventFile: "There is no event file of a run in this folder.",
  noPlace: "There is no line here where this belongs for certain: copy it from the hover.",
  tooLong: "The program is too long.",
  hasLens: "The program has a lens already.",
  noStep: "There is no line that makes an optimizer's step, such as optimizer.step().",
  severalSteps: (lines: string) => `Several lines make an optimizer's step: ${lines}.`,
  noLoop: (line: number) =>
    `The step in line ${line} is in no loop of its own function: the place before the loop is elsewhere.`,
  noLoss: "No line of the loop computes gradients of a named loss, such as loss.backward().",
  whoseParameters: (optimizer: string) => `The program does not say whose parameters ${optimizer} updates.`,
  madeElsewhere: (model: string, line: number) => `${model} is not made before the loop in line ${line}, or elsewhere.`,
  namesTaken: "The names that the lens could have are taken.",
};
