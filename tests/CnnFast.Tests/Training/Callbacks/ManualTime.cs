namespace CnnFast.Tests.Training;

/// <summary>A clock that stands until it is set.</summary>
internal sealed class ManualTime : TimeProvider
{
    /// <summary>Seconds since 1970.</summary>
    public double Seconds { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(Seconds);

    public override long GetTimestamp() => (long)(Seconds * TimestampFrequency);
}
