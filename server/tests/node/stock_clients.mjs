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
  const { name, delta, state, connect } = JSON.parse(line)
  const { body, provider } = clients[name]
  if (delta) body.applyDelta(delta)
  if (state) provider.awareness.setLocalState(state)
  if (connect === true) provider.connect()
  if (connect === false) provider.disconnect()
}).on('close', () => {
  for (const { provider } of Object.values(clients)) provider.destroy()
})
