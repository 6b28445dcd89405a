import { CodedError } from '@bootwire-internal/common'

export type GoTemplateErrorCode =
  | 'ERR_GO_TEMPLATE_PARSE'
  | 'ERR_GO_TEMPLATE_RUN'
  | 'ERR_GO_TEMPLATE_LIMIT'

/** A template that is wrong, that fails on its data, or that asks for more than its bounds. The message is Go's own. */
export class GoTemplateError extends CodedError<GoTemplateErrorCode> {
  override readonly name = 'GoTemplateError'
}
