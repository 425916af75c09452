// Where WebSockets are blocked: the same frames by HTTP. Each request says hello again; with nothing to say it waits
// for news. It looks like a WebSocket to the rest.
class Exchange {
  readyState = WebSocket.OPEN;
  waiting = [];
  constructor() {
    setTimeout(() => this.onopen?.());
  }

  send(text) {
    if (JSON.parse(text).t !== "hello") this.waiting.push(text);
    this.idle?.abort();
    if (!this.isRunning) this.run();
  }

  close() {
    this.isClosed = true;
    this.idle?.abort();
  }

  async run() {
    this.isRunning = true;
    while (!this.isClosed) {
      try {
        const frames = await this.exchange(this.waiting.splice(0));
        frames.forEach((data) => this.onmessage?.({ data }));
      } catch (fault) {
        if (fault.name !== "AbortError") return this.onclose?.({ code: fault.code });
      }
    }
  }

  async exchange(frames) {
    this.idle = frames.length || !isWelcome ? null : new AbortController();
    const first = JSON.stringify(hello(isWelcome ? fetched : 0), whole);
    const body = JSON.stringify({ key, frames: [first, ...frames], wait: this.idle ? 20 : 0 });
    const answer = await fetch("/embed/exchange", { method: "POST", body, signal: this.idle?.signal });
    if (!answer.ok) throw Object.assign(new Error("refused"), { code: { 404: 4403, 429: 4429 }[answer.status] });
    return answer.json();
  }
}
