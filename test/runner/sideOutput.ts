/**
 * Output of stages that run beside others. It is held while another stage writes, so that lines of two stages do not mix,
 * and is printed stage by stage, or when the program is ended.
 */
export class SideOutput {
  readonly #print: (text: string) => void;
  #busy = false;
  /** Text of ended stages, then of the present one. */
  #ended = "";
  #present = "";

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  /** Runs work that prints, between this output's stages. */
  async beside<T>(work: () => Promise<T>): Promise<T> {
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#busy = false;
      this.#flush();
    }
  }

  write(text: string): void {
    this.#present += text;
  }

  /** Ends a stage. */
  end(): void {
    this.#ended += this.#present;
    this.#present = "";
    if (!this.#busy) this.#flush();
  }

  /** Prints everything at once, also of a stage that goes on. */
  all(): void {
    this.end();
    this.#flush();
  }

  #flush(): void {
    if (this.#ended !== "") this.#print(this.#ended);
    this.#ended = "";
  }
}
