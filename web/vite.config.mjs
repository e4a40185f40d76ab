// The development server sends /api to a running `zhuji serve`: ZHUJI_API, or its usual place.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  server: { host: '127.0.0.1', port: 8801, proxy: { '/api': { target: process.env.ZHUJI_API ?? 'http://127.0.0.1:8800' } } },
  build: {
    target: 'es2022',
    reportCompressedSize: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
  },
});
