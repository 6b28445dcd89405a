/** A number as digits: 0.d1d2d3… × 10^point. No digit at the end is 0; zero has none. */
interface Decimal {
  readonly digits: string
  readonly point: number
}

const trimmed = (digits: string, point: number): Decimal => {
  const bare = digits.replace(/0+$/, '')
  return { digits: bare, point: bare === '' ? 0 : point }
}

const partsOf = (value: number): { mantissa: bigint; power: number } => {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const exponent = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & ((1n << 52n) - 1n)
  return exponent === 0
    ? { mantissa: fraction, power: -1074 }
    : { mantissa: fraction | (1n << 52n), power: exponent - 1075 }
}

/** All digits of a number that is not negative. */
const exact = (value: number): Decimal => {
  const { mantissa, power } = partsOf(value)
  if (mantissa === 0n) return { digits: '', point: 0 }
  const scale = Math.max(0, -power)
  const whole = (power >= 0 ? mantissa << BigInt(power) : mantissa * 5n ** BigInt(scale)).toString()
  return trimmed(whole, whole.length - scale)
}

/** The fewest digits that mean this number. */
const shortest = (value: number): Decimal => {
  if (value === 0) return { digits: '', point: 0 }
  const [digits = '', exponent] = value.toExponential().split('e')
  return trimmed(digits.replace('.', ''), Number(exponent) + 1)
}

/** To so many digits, halves to even. */
const rounded = ({ digits, point }: Decimal, count: number): Decimal => {
  if (count >= digits.length) return { digits, point }
  if (count < 0) return { digits: '', point: 0 }
  const rest = digits.slice(count)
  const last = Number(digits[count - 1] ?? 0)
  const isUp = rest > '5' || (rest === '5' && last % 2 === 1)
  const kept = digits.slice(0, count)
  if (!isUp) return trimmed(kept, point)
  const next = (BigInt(kept || '0') + 1n).toString()
  const padded = next.padStart(count, '0')
  return trimmed(padded, point + (padded.length - count))
}

const asE = ({ digits, point }: Decimal, precision: number, letter: string): string => {
  const exponent = digits === '' ? 0 : point - 1
  const tail = precision > 0 ? `.${digits.slice(1).padEnd(precision, '0').slice(0, precision)}` : ''
  const power = String(Math.abs(exponent)).padStart(2, '0')
  return `${digits[0] ?? '0'}${tail}${letter}${exponent < 0 ? '-' : '+'}${power}`
}

const asF = ({ digits, point }: Decimal, precision: number): string => {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  if (precision <= 0) return whole
  const zeros = '0'.repeat(Math.min(precision, Math.max(0, -point)))
  const tail = zeros + digits.slice(Math.max(0, point))
  return `${whole}.${tail.slice(0, precision).padEnd(precision, '0')}`
}

const asG = (value: number, precision: number, letter: string): string => {
  const isShortest = precision < 0
  const wanted = precision === 0 ? 1 : precision
  const decimal = isShortest ? shortest(value) : rounded(exact(value), wanted)
  const { digits, point } = decimal
  const count = digits.length
  let limit = isShortest ? 6 : wanted
  if (!isShortest && limit > count && count >= point) limit = count
  const exponent = point - 1
  if (exponent < -4 || exponent >= limit)
    return asE(decimal, (isShortest ? count : Math.min(wanted, count)) - 1, letter)
  return asF(decimal, Math.max(count - point, 0))
}

const asHex = (value: number, precision: number, letter: 'x' | 'X'): string => {
  let { mantissa, power } = partsOf(value)
  if (mantissa === 0n) power = 0
  else {
    power += 52
    while (mantissa < 1n << 52n) [mantissa, power] = [mantissa << 1n, power - 1]
  }
  if (precision >= 0 && precision < 13) {
    const shift = BigInt(52 - precision * 4)
    const [rest, half] = [mantissa & ((1n << shift) - 1n), 1n << (shift - 1n)]
    mantissa >>= shift
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa++
    mantissa <<= shift
    if (mantissa >= 1n << 53n) [mantissa, power] = [mantissa >> 1n, power + 1]
  }
  const fraction = (mantissa & ((1n << 52n) - 1n)).toString(16).padStart(13, '0')
  const kept =
    precision < 0
      ? fraction.replace(/0+$/, '')
      : fraction.padEnd(precision, '0').slice(0, precision)
  const text = `0x${mantissa >> 52n}${kept && `.${kept}`}p${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  return letter === 'X' ? text.toUpperCase() : text
}

const magnitude = (value: number, verb: string, precision: number): string => {
  switch (verb) {
    case 'e':
    case 'E':
      return precision < 0
        ? asE(shortest(value), Math.max(shortest(value).digits.length - 1, 0), verb)
        : asE(rounded(exact(value), precision + 1), precision, verb)
    case 'f': {
      if (precision < 0) {
        const decimal = shortest(value)
        return asF(decimal, Math.max(decimal.digits.length - decimal.point, 0))
      }
      const decimal = exact(value)
      return asF(rounded(decimal, decimal.point + precision), precision)
    }
    case 'b': {
      const { mantissa, power } = partsOf(value)
      return `${mantissa}p${power < 0 ? '-' : '+'}${Math.abs(power)}`
    }
    case 'x':
    case 'X':
      return asHex(value, precision, verb)
    default:
      return asG(value, precision, verb === 'G' ? 'E' : 'e')
  }
}

/** Go's strconv.FormatFloat: verbs b e E f g G x X, precision -1 for the fewest digits that mean the number. */
export const formatFloat = (value: number, verb: string, precision: number): string => {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const isNegative = value < 0 || Object.is(value, -0)
  return (isNegative ? '-' : '') + magnitude(Math.abs(value), verb, precision)
}
