// One stock Yjs editor without a page: y-websocket's provider, and presence as y-quill shares it. It does what JSON lines
// on stdin say, answers each with a line on stdout, and tells there what it holds and whom it sees.
import { createInterface } from 'node:readline'
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const KEY_PAUSE = 3 // milliseconds between two typed characters

const [url, room, name, color] = process.argv.slice(2)
const doc = new Y.Doc()
const body = doc.getText('body')
const provider = new WebsocketProvider(url, room, doc, { WebSocketPolyfill: WebSocket, disableBc: true })
const { awareness } = provider
awareness.setLocalStateField('user', { name, color })

const tell = (what) => process.stdout.write(JSON.stringify(what) + '\n')

// As y-quill does before it draws a caret.
const indexOf = (relative) => {
  const place = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(relative), doc)
  return place !== null && place.type === body ? place.index : null
}

const see = () => {
  const present = [...awareness.getStates()].filter(([client]) => client !== doc.clientID).map(([client, state]) => ({
    client,
    state,
    anchor: state.cursor ? indexOf(state.cursor.anchor) : null,
    head: state.cursor ? indexOf(state.cursor.head) : null
  }))
  tell({ delta: body.toDelta(), present })
}

const relative = (index, assoc) => JSON.parse(JSON.stringify(Y.createRelativePositionFromTypeIndex(body, index, assoc)))

// Types character by character behind what was typed before, wherever that has gone by then.
const type = (text, at, done) => {
  let caret = Y.createRelativePositionFromTypeIndex(body, at, -1)
  const left = [...text]
  const key = () => {
    const character = left.shift()
    if (character === undefined) return done()
    const { index } = Y.createAbsolutePositionFromRelativePosition(caret, doc)
    body.applyDelta([{ retain: index }, { insert: character }])
    caret = Y.createRelativePositionFromTypeIndex(body, index + character.length, -1)
    setTimeout(key, KEY_PAUSE)
  }
  key()
}

doc.on('update', see)
awareness.on('change', see)
provider.on('sync', (synced) => tell({ synced }))

createInterface({ input: process.stdin }).on('line', (line) => {
  const { number, delta, typed, at, cursor } = JSON.parse(line)
  const done = () => { see(); tell({ done: number }) }
  if (delta) body.applyDelta(delta)
  if (cursor) awareness.setLocalStateField('cursor', { anchor: relative(cursor[0], 0), head: relative(cursor[1], 0) })
  if (typed) type(typed, at, done)
  else done()
}).on('close', () => {
  provider.destroy()
  process.exit(0)
})
