// Two stock y-websocket providers, told what to do by JSON lines on stdin; they tell what they see by lines on stdout.
import { createInterface } from 'node:readline'
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const [url, room, key] = process.argv.slice(2)
const clients = {}

const tell = (name, what) => process.stdout.write(JSON.stringify({ name, ...what }) + '\n')

for (const name of ['left', 'right']) {
  const doc = new Y.Doc()
  const body = doc.getText('body')
  const provider = new WebsocketProvider(url, room, doc, { params: { key }, WebSocketPolyfill: WebSocket, disableBc: true })
  const see = () => tell(name, { delta: body.toDelta() })
  doc.on('update', see)
  provider.on('sync', (synced) => { tell(name, { synced }); see() })
  provider.on('status', ({ status }) => tell(name, { status }))
  provider.awareness.on('change', () => {
    tell(name, { present: [...provider.awareness.getStates()].map(([client, state]) => [client, state]) })
  })
  clients[name] = { doc, body, provider }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { name, delta, first, state, connect } = JSON.parse(line)
  const { body, provider } = clients[name]
  if (delta) body.applyDelta(delta)
  if (first && body.length > 0) { // the first character, which may be two units long, as it stands at this moment
    const content = body.toDelta()[0].insert
    const size = typeof content === 'string' && content.codePointAt(0) > 0xffff ? 2 : 1
    body.applyDelta([first === 'delete' ? { delete: size } : { retain: size, attributes: first }])
  }
  if (state) provider.awareness.setLocalState(state)
  if (connect === true) provider.connect()
  if (connect === false) provider.disconnect()
}).on('close', () => {
  for (const { provider } of Object.values(clients)) provider.destroy()
  process.exit(0)
})
