// Loaded before a program: its clock and timers run FAST_CLOCK times as fast.
const factor = Number(process.env.FAST_CLOCK)
const now = Date.now.bind(Date)
const start = now()
Date.now = () => start + (now() - start) * factor
for (const name of ['setTimeout', 'setInterval']) {
  const original = globalThis[name]
  globalThis[name] = (callback, milliseconds = 0, ...rest) => original(callback, milliseconds / factor, ...rest)
}
