// @y/websocket-server's own command, which keeps documents in memory: node y_websocket.mjs FOLDER PORT
process.env.HOST = '127.0.0.1'
process.env.PORT = process.argv[3]
await import('./node_modules/@y/websocket-server/src/server.js')
