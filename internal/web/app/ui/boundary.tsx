import { Component } from 'react';
import { asApiError } from '../api/hooks';
import { ErrorState } from './states';

/** Shows a fault of the page itself instead of an empty window. A new key starts again. */
export class ErrorBoundary extends Component<{ children: React.ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) {
      return this.props.children;
    }
    return <ErrorState error={asApiError(this.state.error)} retry={() => location.reload()} />;
  }
}
