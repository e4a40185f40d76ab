// The development server answers /api from mock/ unless ZHUJI_API names a running `zhuji serve`.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = process.env.ZHUJI_API;

const mock = {
  name: 'zhuji-mock',
  apply: 'serve',
  async configureServer(server) {
    server.middlewares.use((await import('./mock/server.mjs')).handle);
  },
  async configurePreviewServer(server) {
    server.middlewares.use((await import('./mock/server.mjs')).handle);
  },
};

export default defineConfig({
  plugins: [react(), api ? null : mock],
  server: { host: '127.0.0.1', port: 8801, proxy: api ? { '/api': { target: api } } : undefined },
  build: {
    target: 'es2022',
    reportCompressedSize: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
  },
});
