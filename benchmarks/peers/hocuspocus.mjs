// Hocuspocus with its SQLite extension, as its documentation sets it up: node hocuspocus.mjs FOLDER
import { SQLite } from '@hocuspocus/extension-sqlite'
import { Server } from '@hocuspocus/server'
import { join } from 'node:path'

const server = new Server({
  address: '127.0.0.1',
  port: Number(process.argv[3]),
  quiet: true,
  extensions: [new SQLite({ database: join(process.argv[2], 'documents.sqlite') })],
})
await server.listen()
console.log('ready')
