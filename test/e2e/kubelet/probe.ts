import { get } from "node:http";
import { get as getByTls } from "node:https";
import { connect } from "node:net";
import type { RunningContainer } from "./container.js";
import type { Container, Probe } from "./pod.js";

/** Whether a container passes a probe now, asked as the kubelet asks. @param address of the pod */
export async function passes(
  probe: Probe,
  container: Container,
  address: string,
  running: RunningContainer,
): Promise<boolean> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  const { httpGet, tcpSocket, exec } = probe;
  if (exec) return await running.succeeds(exec.command ?? []);
  if (tcpSocket) return await connects(address, portOf(tcpSocket.port, container), timeoutMs);
  if (!httpGet)
    throw new Error(`The stand-in for the kubelet does not know the probe ${JSON.stringify(probe)}`);
  const scheme = (httpGet.scheme ?? "HTTP").toLowerCase();
  const url = `${scheme}://${address}:${portOf(httpGet.port, container)}${httpGet.path ?? "/"}`;
  return await answers(url, timeoutMs);
}

function portOf(port: number | string, { ports = [] }: Container): number {
  return typeof port === "number" ? port : (ports.find(({ name }) => name === port)?.containerPort ?? 0);
}

/** 200 to 399, whoever signed its certificate. */
function answers(url: string, timeout: number): Promise<boolean> {
  const send = url.startsWith("https:") ? getByTls : get;
  return new Promise((resolve) => {
    const request = send(url, { agent: false, timeout, rejectUnauthorized: false }, (response) => {
      const { statusCode = 0 } = response;
      response.resume().once("error", () => resolve(false));
      response.once("end", () => resolve(statusCode >= 200 && statusCode < 400));
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
  });
}

function connects(host: string, port: number, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout });
    const settle = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket.once("connect", () => settle(true));
    socket.once("timeout", () => settle(false));
    socket.once("error", () => settle(false));
  });
}
