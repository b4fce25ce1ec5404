/** What comes back on the wire: an envelope between two marks, in whatever pieces, amid whatever else is written. */

const START = "<<lync-backup:";
const END = ">>";
const NOISE_CHARACTERS = 4000;
/** More than any state has: what goes on and on is no envelope. */
const MOST_CHARACTERS = 64 * 1024 * 1024;

export type Received = { kind: "envelope"; base64: string } | { kind: "nothing" };

export class Wire {
  private call = "";
  /** Since the mark of this call; undefined: it has not come yet. */
  private pieces: string[] | undefined;
  private length = 0;
  /** The end of what has come outside of marks: a mark may be cut in two. */
  private tail = "";

  expect(call: string): void {
    this.call = call;
    this.pieces = undefined;
    this.length = 0;
  }

  /** What PowerShell is told to say after the call, whatever becomes of it. */
  afterwards(call: string): string {
    return `<<lync-backup-after:${call}>>`;
  }

  noise(): string {
    // eslint-disable-next-line no-control-regex -- terminals are told what to do by control characters
    return this.tail.replace(/\u001b\[[0-9;?]*[A-Za-z]|<<lync-backup[^>]*>>/g, "").trim();
  }

  receive(text: string): Received | undefined {
    return this.pieces ? this.inside(text) : this.outside(text);
  }

  private outside(text: string): Received | undefined {
    const all = this.tail + text;
    const mark = `${START}${this.call}:`;
    const at = this.call === "" ? -1 : all.indexOf(mark);
    this.tail = (at < 0 ? all : all.slice(0, at)).slice(-NOISE_CHARACTERS);
    if (at >= 0) {
      this.pieces = [];
      return this.inside(all.slice(at + mark.length));
    }
    return this.call !== "" && all.includes(this.afterwards(this.call)) ? this.done({ kind: "nothing" }) : undefined;
  }

  private inside(text: string): Received | undefined {
    const pieces = this.pieces ?? [];
    // The end may be cut in two.
    const last = pieces.pop() ?? "";
    const all = last + text;
    const at = all.indexOf(END);
    if (at < 0) {
      pieces.push(all.slice(0, -1), all.slice(-1));
      this.length += text.length;
      return this.length > MOST_CHARACTERS ? this.done({ kind: "nothing" }) : undefined;
    }
    const base64 = pieces.join("") + all.slice(0, at);
    this.tail = all.slice(at + END.length).slice(-NOISE_CHARACTERS);
    return this.done(/^[A-Za-z0-9+/]+=*$/.test(base64) ? { kind: "envelope", base64 } : { kind: "nothing" });
  }

  private done(received: Received): Received {
    this.call = "";
    this.pieces = undefined;
    return received;
  }
}
