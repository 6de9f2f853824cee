import { Component, type ReactNode } from "react";

interface Props {
  /** Another key is another place: a view that failed does not take the next one with it. */
  readonly place: string;
  readonly fallback: (error: Error, again: () => void) => ReactNode;
  readonly children: ReactNode;
}

/** A view that fails says so and leaves the rest standing. */
export class Boundary extends Component<Props, { readonly error: Error | null; readonly place: string }> {
  override state: { readonly error: Error | null; readonly place: string } = { error: null, place: this.props.place };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps(props: Props, state: { readonly place: string }) {
    return props.place === state.place ? null : { error: null, place: props.place };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === null ? this.props.children : this.props.fallback(error, () => this.setState({ error: null }));
  }
}
