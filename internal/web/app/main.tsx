import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { setNonce } from 'get-nonce';
import { createRoot } from 'react-dom/client';
import './app.css';
import { RouterProvider } from './router';
import { SessionProvider } from './shell/session';
import { Start } from './shell/start';
import { loadAhead } from './shell/views';
import { theme, variables } from './theme';
import { AskProvider } from './ui/ask';
import { ErrorBoundary } from './ui/boundary';

// The Content-Security-Policy lets style elements in by the nonce of the one in the page; scripts may read it, style sheets may not.
const nonce = document.querySelector('style')?.nonce ?? '';
setNonce(nonce);

loadAhead(location);
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <Notifications position="bottom-right" limit={3} autoClose={5000} />
      <RouterProvider>
        <ErrorBoundary>
          <AskProvider>
            <SessionProvider>
              <Start />
            </SessionProvider>
          </AskProvider>
        </ErrorBoundary>
      </RouterProvider>
    </MantineProvider>,
  );
}
