/** Every code, as docs/doctor.md has them. */
export const DOCTOR_CODES = [
  'no-helper',
  'dead-helpers',
  'unanswered',
  'queue',
  'slow-helper',
  'crashing',
  'wrong-answers',
  'rules-refused',
  'open-loop',
  'bypassed',
  'denied',
  'failed-origin',
  'unseen',
  'unkeyed',
  'no-keys',
  'missing-file',
  'other-folder',
  'own-name',
  'vary',
  'tls',
] as const

/** What is wrong with a running Squid. */
export interface DoctorFinding {
  readonly code: (typeof DOCTOR_CODES)[number]
  readonly severity: 'error' | 'warning'
  readonly message: string
}

export const finding = (
  code: DoctorFinding['code'],
  severity: DoctorFinding['severity'],
  message: string,
): DoctorFinding => ({
  code,
  severity,
  message,
})
