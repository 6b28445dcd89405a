import type { ConfigIssue } from '../model/issues.ts'

/** `boot.yaml:3:5: unknown key "kernle"; did you mean "kernel"?` */
export const formatIssue = ({ file, line, column, message }: ConfigIssue): string =>
  `${[file, line, column].filter((part) => part !== undefined).join(':')}: ${message}`
