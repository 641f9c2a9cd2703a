import { Component, type ErrorInfo, type ReactNode } from "react";
import { store } from "#app/store.ts";
import { appWords } from "./app-words.ts";
import { Button } from "./controls/Button.tsx";
import styles from "./error-boundary.module.css";

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | undefined;
}

/** Keeps a crash to its part of the page: says what happened, and hands the recipe out. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    const { recipe, language } = store.getState();
    const text = appWords[language].crash;
    return (
      <div role="alert" className={styles.crash}>
        <h2>{text.title}</h2>
        <p className={styles.message}>{error.message}</p>
        <p className="muted">{text.note}</p>
        <div className={styles.buttons}>
          <Button look="primary" onClick={() => location.reload()}>
            {text.reload}
          </Button>
          <Button onClick={() => this.setState({ error: undefined })}>{text.again}</Button>
          <Button onClick={() => void navigator.clipboard.writeText(JSON.stringify(recipe, undefined, 2))}>
            {text.copy}
          </Button>
        </div>
      </div>
    );
  }
}
