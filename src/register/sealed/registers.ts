import { WarrantRegister } from "#register/covers.ts";
import { loadWarrants, RegisterError } from "#register/load.ts";
import { loadAnswers, loadSealedRegister } from "./load.ts";
import { SealedRegisters } from "./sealed-registers.ts";

export interface Registers {
  /** Open entries, and those that an authority has opened; null where neither kind of register was given. */
  readonly register: WarrantRegister | null;
  readonly sealed: SealedRegisters | null;
}

/**
 * Everything a scan holds interception against. Throws `RegisterError`: a scan never runs on part of it.
 *
 * `authorities`: signing keys (Ed25519, base64) of the authorities that somebody named. Anybody can make a key and call it a court's, with
 * any date: sealed entries of a key that nobody named are refused, or a register made afterwards would turn a finding into nothing.
 */
export function loadRegisters(
  warrants: string | undefined,
  sealed: readonly string[],
  answers: readonly string[],
  network: string | null,
  authorities: readonly string[],
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
  const files = sealed.map((path) => {
    const file = loadSealedRegister(path);
    if (!authorities.includes(file.by.signing)) throw unnamed(path, file.by.signing);
    return file;
  });
  const registers = new SealedRegisters(files, answers.map(loadAnswers), network);
  return { register: new WarrantRegister([...open, ...registers.opened], registers), sealed: registers };
}

function unnamed(file: string, key: string): RegisterError {
  const message = `is sealed under the key ${key}, which nobody named; name its authority with --authority FILE (its authority.json), or under lawful.authorities in the declaration`;
  return new RegisterError([{ file, line: 0, column: 0, field: "by.signing", message }]);
}
