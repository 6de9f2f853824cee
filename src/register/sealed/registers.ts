import { WarrantRegister } from "#register/covers.ts";
import { loadWarrants, RegisterError } from "#register/load.ts";
import { loadAnswers, loadSealedRegister } from "./load.ts";
import { SealedRegisters } from "./sealed-registers.ts";

export interface Registers {
  /** Open entries, and those that an authority has opened; null where neither kind of register was given. */
  readonly register: WarrantRegister | null;
  readonly sealed: SealedRegisters | null;
}

/** Everything a scan holds interception against. Throws `RegisterError`: a scan never runs on part of it. */
export function loadRegisters(
  warrants: string | undefined,
  sealed: readonly string[],
  answers: readonly string[],
  network: string | null,
): Registers {
  const open = warrants === undefined ? [] : loadWarrants(warrants);
  if (sealed.length === 0) {
    const lone = answers[0];
    if (lone !== undefined)
      throw new RegisterError([
        { file: lone, line: 0, column: 0, field: "", message: "answers say nothing without the sealed entries (--sealed FILE)" },
      ]);
    return { register: warrants === undefined ? null : new WarrantRegister(open), sealed: null };
  }
  const registers = new SealedRegisters(sealed.map(loadSealedRegister), answers.map(loadAnswers), network);
  return { register: new WarrantRegister([...open, ...registers.opened], registers), sealed: registers };
}
