using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CnnFast.Visualization;

/// <summary>
/// The page of a <see cref="TrainingReport"/> for browsers on this machine while the training goes on: a small server on 127.0.0.1 that
/// answers GET alone, and requests to its own name alone (so that no other site reaches it by a name that leads here). What is new goes
/// out as server-sent events. A browser gets the newest figures, never a queue of old ones: a slow one, or one that leaves, does not hold
/// up the training. Thread-safe.
/// </summary>
public sealed class LivePage : IDisposable
{
    private const int MaxReaders = 16;
    private const int MaxRequest = 8192;
    private const int HttpPort = 80;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10), s_farewell = TimeSpan.FromSeconds(2);

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, byte> _serving = new();
    private readonly Task _accepting;
    private readonly Lock _lock = new();
    private TaskCompletionSource _news = NewSignal();
    private byte[] _json = """{"title":"CnnFast","state":"The training is about to begin.","summary":[],"configuration":[]}"""u8.ToArray();
    private long _version;
    private bool _ended;
    private int _readers;

    private LivePage(TcpListener listener)
    {
        _listener = listener;
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>The port that it listens on.</summary>
    public int Port { get; }

    /// <summary>Where a browser finds the page.</summary>
    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/"));

    internal bool HasReaders => Volatile.Read(ref _readers) > 0;

    /// <summary>Starts to listen on 127.0.0.1.</summary>
    /// <param name="port">The port, 0 for any that is free.</param>
    /// <returns>The page; disposing it ends it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The port is not 0 to 65535.</exception>
    /// <exception cref="IOException">The port is in use, or this user may not listen on it.</exception>
    public static LivePage Start(int port = 0)
    {
        if (port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
            throw new ArgumentOutOfRangeException(nameof(port), $"LivePage: the port is {port}; expected 0 to {IPEndPoint.MaxPort}.");
        var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
        try
        {
            listener.Start();
        }
        catch (SocketException failure)
        {
            listener.Dispose();
            throw new IOException(string.Create(CultureInfo.InvariantCulture,
                $"Port {port} of 127.0.0.1 cannot be used ({failure.Message}); expected a free one, or 0 for any."), failure);
        }

        return new LivePage(listener);
    }

    /// <summary>Tells the browsers that this was all, and stops; waits two seconds at most.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_ended)
                return;
            _ended = true;
            _news.TrySetResult();
        }

        _listener.Dispose();
        Task.WaitAll([_accepting, .. _serving.Keys], s_farewell);
        _stop.Cancel();
    }

    /// <summary>Makes new figures known. Returns at once.</summary>
    internal void Publish(byte[] json)
    {
        lock (_lock)
        {
            (_json, _version) = (json, _version + 1);
            TaskCompletionSource news = _news;
            if (!_ended)
                _news = NewSignal();
            news.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync().ConfigureAwait(false);
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            if (_serving.Count >= MaxReaders)
            {
                socket.Dispose();
                continue;
            }

            Task serving = ServeAsync(socket);
            _serving.TryAdd(serving, 0);
            _ = serving.ContinueWith(done => _serving.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            string? request = await ReadAsync(stream).ConfigureAwait(false);
            if (request is null)
                return;
            string[] lines = request.Split("\r\n");
            string[] first = lines[0].Split(' ');
            string host = lines.FirstOrDefault(line => line.StartsWith("Host:", StringComparison.OrdinalIgnoreCase))?[5..].Trim() ?? "";
            if (first.Length != 3 || first[0] != "GET")
                await AnswerAsync(stream, "405 Method Not Allowed", "text/plain", "Expected GET.").ConfigureAwait(false);
            else if (!IsOwnName(host))
                await AnswerAsync(stream, "403 Forbidden", "text/plain", "Expected the host 127.0.0.1.").ConfigureAwait(false);
            else if (first[1] == "/")
                await AnswerAsync(stream, "200 OK", "text/html", ReportPage.Html(_json, isLive: true)).ConfigureAwait(false);
            else if (first[1] == "/events")
                await SendEventsAsync(stream).ConfigureAwait(false);
            else
                await AnswerAsync(stream, "404 Not Found", "text/plain", "There is one page, at /.").ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The browser has left, or takes nothing: it asks again if it wants more.
        }
    }

    private bool IsOwnName(string host) => IsOwnName(host, Port);

    /// <summary>Whether a request names this machine and port; browsers leave out 80, HTTP's own.</summary>
    internal static bool IsOwnName(string host, int port)
    {
        string end = string.Create(CultureInfo.InvariantCulture, $":{port}");
        if (host.EndsWith(end, StringComparison.Ordinal))
            host = host[..^end.Length];
        else if (port != HttpPort)
            return false;
        return host == "127.0.0.1" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
    }

    private async Task<string?> ReadAsync(NetworkStream stream)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(s_patience);
        var buffer = new byte[MaxRequest];
        int length = 0;
        while (length < buffer.Length)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), patience.Token).ConfigureAwait(false);
            if (read == 0)
                return null;
            length += read;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0)
                return Encoding.ASCII.GetString(buffer, 0, length);
        }

        return null;
    }

    private async Task SendEventsAsync(NetworkStream stream)
    {
        Interlocked.Increment(ref _readers);
        try
        {
            await WriteAsync(stream, Encoding.ASCII.GetBytes(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"))
                .ConfigureAwait(false);
            long seen = -1;
            while (true)
            {
                (byte[] json, long version, Task news, bool ended) = Newest();
                if (version != seen)
                    await WriteAsync(stream, [.. "data: "u8, .. json, .. "\n\n"u8]).ConfigureAwait(false);
                seen = version;
                if (ended)
                {
                    await WriteAsync(stream, "event: end\ndata: end\n\n"u8.ToArray()).ConfigureAwait(false);
                    return;
                }

                if (await Task.WhenAny(news, Task.Delay(s_patience, _stop.Token)).ConfigureAwait(false) != news)
                    await WriteAsync(stream, ": still here\n\n"u8.ToArray()).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    private (byte[] Json, long Version, Task News, bool Ended) Newest()
    {
        lock (_lock)
            return (_json, _version, _news.Task, _ended);
    }

    private Task AnswerAsync(NetworkStream stream, string status, string type, string body)
    {
        byte[] content = Encoding.UTF8.GetBytes(body);
        byte[] head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Type: {type}; " +
            $"charset=utf-8\r\nContent-Length: {content.Length}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n" +
            $"Connection: close\r\n\r\n"));
        return WriteAsync(stream, [.. head, .. content]);
    }

    private async Task WriteAsync(NetworkStream stream, byte[] bytes)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(s_patience);
        await stream.WriteAsync(bytes, patience.Token).ConfigureAwait(false);
    }
}
