using System.Diagnostics.Metrics;
using System.Globalization;

namespace CnnFast.Server;

/// <summary>
/// The instruments of the meter <c>CnnFast.Server</c>, which any listener of System.Diagnostics.Metrics may read, and their sums since
/// the start for <c>/metrics</c>.
/// </summary>
internal sealed class ServerMetrics : IDisposable
{
    private readonly Meter _meter = new("CnnFast.Server");
    private readonly MeterListener _listener = new();
    private readonly Counter<long> _requests;
    private readonly Counter<long> _errors;
    private readonly Histogram<double> _latency;
    private readonly LatencyHistogram _times = new();
    private readonly long _allocatedAtStart = GC.GetTotalAllocatedBytes();
    private long _requestCount;
    private long _errorCount;

    public ServerMetrics()
    {
        _requests = _meter.CreateCounter<long>("cnnfast.server.requests", "{request}", "Classifications asked for.");
        _errors = _meter.CreateCounter<long>("cnnfast.server.errors", "{request}", "Classifications that ended in an error.");
        _latency = _meter.CreateHistogram<double>("cnnfast.server.latency", "s",
            "Time of a classification, from the head of the request to the end of the answer.");
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            Interlocked.Add(ref instrument == _requests ? ref _requestCount : ref _errorCount, value));
        _listener.SetMeasurementEventCallback<double>((_, value, _, _) => _times.Add(TimeSpan.FromSeconds(value)));
        _listener.EnableMeasurementEvents(_requests);
        _listener.EnableMeasurementEvents(_errors);
        _listener.EnableMeasurementEvents(_latency);
        _listener.Start();
    }

    public void Record(TimeSpan time, bool done)
    {
        _requests.Add(1);
        if (!done)
            _errors.Add(1);
        _latency.Record(time.TotalSeconds);
    }

    /// <summary>Everything in the text format of Prometheus, version 0.0.4.</summary>
    public string Write()
    {
        long requests = Interlocked.Read(ref _requestCount);
        long allocated = GC.GetTotalAllocatedBytes() - _allocatedAtStart;
        return string.Create(CultureInfo.InvariantCulture, $"""
            # HELP cnnfast_server_requests_total Classifications asked for.
            # TYPE cnnfast_server_requests_total counter
            cnnfast_server_requests_total {requests}
            # HELP cnnfast_server_errors_total Classifications that ended in an error.
            # TYPE cnnfast_server_errors_total counter
            cnnfast_server_errors_total {Interlocked.Read(ref _errorCount)}
            # HELP cnnfast_server_latency_p50_seconds Median time of a classification since the start.
            # TYPE cnnfast_server_latency_p50_seconds gauge
            cnnfast_server_latency_p50_seconds {_times.Quantile(0.5).TotalSeconds}
            # HELP cnnfast_server_latency_p99_seconds 99th percentile of the time of a classification since the start.
            # TYPE cnnfast_server_latency_p99_seconds gauge
            cnnfast_server_latency_p99_seconds {_times.Quantile(0.99).TotalSeconds}
            # HELP cnnfast_server_allocated_bytes_total Managed bytes that the process allocated since the start.
            # TYPE cnnfast_server_allocated_bytes_total counter
            cnnfast_server_allocated_bytes_total {allocated}
            # HELP cnnfast_server_allocated_bytes_per_request The same by request.
            # TYPE cnnfast_server_allocated_bytes_per_request gauge
            cnnfast_server_allocated_bytes_per_request {(requests == 0 ? 0 : allocated / requests)}

            """).ReplaceLineEndings("\n");
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }
}
