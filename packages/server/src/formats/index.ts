import type { AnswerFormat } from '../model/answer-formats.ts'
import { cloudInit } from './cloud-init.ts'
import { ignition } from './ignition.ts'
import { ipxe } from './ipxe.ts'
import { json } from './json.ts'
import { kickstart } from './kickstart.ts'
import { preseed } from './preseed.ts'
import { shell } from './shell.ts'
import type { Syntax } from './syntax.ts'
import { text } from './text.ts'
import { toml } from './toml.ts'
import { xml } from './xml.ts'
import { yaml } from './yaml.ts'

/** Every format's syntax: one file each. */
const SYNTAXES: Readonly<Record<AnswerFormat, Syntax>> = {
  kickstart,
  preseed,
  'cloud-init': cloudInit,
  ignition,
  yaml,
  json,
  xml,
  toml,
  ipxe,
  shell,
  text,
}

export const syntaxOf = (format: AnswerFormat): Syntax => SYNTAXES[format]
