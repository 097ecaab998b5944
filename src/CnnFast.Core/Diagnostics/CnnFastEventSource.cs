using System.Diagnostics.Tracing;

namespace CnnFast.Diagnostics;

/// <summary>The events of the library, by the name <c>CnnFast</c>. Costs nothing while nobody listens.</summary>
[EventSource(Name = "CnnFast")]
internal sealed class CnnFastEventSource : EventSource
{
    public static readonly CnnFastEventSource Log = new();

    private string? _notice;

    private CnnFastEventSource()
    {
    }

    /// <summary>The program was compiled without the vectors that the processor has.</summary>
    /// <param name="message">The sentence that <c>CpuInfo.Notice</c> gives.</param>
    [Event(1, Level = EventLevel.Warning, Message = "{0}")]
    public void KernelsCompiledOut(string message)
    {
        Volatile.Write(ref _notice, message);
        if (IsEnabled(EventLevel.Warning, EventKeywords.None))
            WriteEvent(1, message);
    }

    /// <summary>A run of a session starts.</summary>
    /// <param name="model">The model's name; empty where it has none.</param>
    /// <param name="samples">Its samples.</param>
    [Event(2, Level = EventLevel.Informational, Version = 1)]
    public void RunStart(string model, int samples)
    {
        if (IsEnabled(EventLevel.Informational, EventKeywords.None))
            WriteEvent(2, model, samples);
    }

    /// <summary>A run of a session has ended, well or not.</summary>
    /// <param name="model">The model's name; empty where it has none.</param>
    /// <param name="samples">Its samples.</param>
    [Event(3, Level = EventLevel.Informational, Version = 1)]
    public void RunStop(string model, int samples)
    {
        if (IsEnabled(EventLevel.Informational, EventKeywords.None))
            WriteEvent(3, model, samples);
    }

    /// <summary>A node of a run was computed; at the level Verbose.</summary>
    /// <param name="name">The node.</param>
    /// <param name="kind">What it computes.</param>
    /// <param name="microseconds">How long it took.</param>
    [Event(4, Level = EventLevel.Verbose)]
    public void NodeRun(string name, string kind, double microseconds)
    {
        if (IsEnabled(EventLevel.Verbose, EventKeywords.None))
            WriteEvent(4, name, kind, microseconds);
    }

    /// <summary>A listener that comes after the event was written is told as well.</summary>
    protected override void OnEventCommand(EventCommandEventArgs command)
    {
        if (command.Command == EventCommand.Enable && Volatile.Read(ref _notice) is { } notice)
            KernelsCompiledOut(notice);
    }
}
