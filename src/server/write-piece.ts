import type { ServerResponse } from 'node:http';

/** Resolves when the system has taken the piece: only then may its memory be used again. Rejects when the client is gone. */
export function writePiece(response: ServerResponse, piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const { socket } = response.req;
    // A socket that closes does not always tell those who wait to write.
    const onClose = () => reject(new Error('the client is gone'));
    if (socket.destroyed) return onClose();
    socket.once('close', onClose);
    response.write(piece, (error) => {
      socket.off('close', onClose);
      if (error) reject(error);
      else resolve();
    });
  });
}
