import "@fontsource-variable/inter/index.css";
import "./theme.css";
import "./base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startApp } from "#app/boot.ts";
import { App } from "./App.tsx";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

startApp();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
