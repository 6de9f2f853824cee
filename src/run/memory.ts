/** `--memory SIZE`: one limit for the process, split over what it keeps. */
import { giveRoom } from "#model/room.ts";

const MEBIBYTE = 1024 * 1024;

export const MEMORY_LIMITS = {
  /** Octets that a process has before it keeps anything: Node, the program, and what the collector has not taken yet. */
  ownOctets: 176 * MEBIBYTE,
  /** Octets that the tables take when the largest of them are full, by `bench/floods.ts`: with so much for them, no limit is lowered. */
  tablesOctets: 3_072 * MEBIBYTE,
  /** Least memory that a process can be given. */
  leastOctets: 256 * MEBIBYTE,
} as const;

/** Of what is left beside `ownOctets`, the part for the prints of the search for copies, whose share is in octets already. */
const PRINTS = 0.35;

export interface MemorySplit {
  /** Octets for the search for copies. */
  readonly copyOctets: number;
  /** Part of each table's limit. */
  readonly tables: number;
}

export function splitMemory(octets: number): MemorySplit {
  const rest = Math.max(0, octets - MEMORY_LIMITS.ownOctets);
  return { copyOctets: Math.floor(rest * PRINTS), tables: Math.min(1, (rest * (1 - PRINTS)) / MEMORY_LIMITS.tablesOctets) };
}

/** Octets of `512M`, `2G`, `1.5 GiB`, `800` (MiB); undefined where it is no size, or one too small to work in. */
export function readMemory(text: string): number | undefined {
  const match = /^(\d{1,7}(?:\.\d{1,3})?) ?(?:(M|G)(?:i?B)?)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const octets = Math.floor(Number(match[1]) * (match[2]?.toUpperCase() === "G" ? 1024 * MEBIBYTE : MEBIBYTE));
  return octets >= MEMORY_LIMITS.leastOctets ? octets : undefined;
}

/** Memory that this process was given, octets; undefined where it was given no limit. Child processes inherit it. Throws `RangeError` where it is no size. */
export function givenMemory(env: Readonly<Record<string, string | undefined>>): number | undefined {
  const text = env["TAPPROOF_MEMORY"];
  if (text === undefined || text === "") return undefined;
  const octets = readMemory(text);
  if (octets === undefined) throw new RangeError(`TAPPROOF_MEMORY ${text}: expected a size of 256M at least, such as 512M or 4G`);
  return octets;
}

/** Sets the limits of this process's tables. Answers what the search for copies may take; undefined where no limit was given. */
export function takeRoom(env: Readonly<Record<string, string | undefined>>): number | undefined {
  const given = givenMemory(env);
  if (given === undefined) {
    giveRoom(1);
    return undefined;
  }
  const { copyOctets, tables } = splitMemory(given);
  giveRoom(tables);
  return copyOctets;
}
