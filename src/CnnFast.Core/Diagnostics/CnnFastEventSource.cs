using System.Diagnostics.Tracing;

namespace CnnFast.Diagnostics;

/// <summary>The events of the library, by the name <c>CnnFast</c>. Costs nothing while nobody listens.</summary>
[EventSource(Name = "CnnFast")]
internal sealed class CnnFastEventSource : EventSource
{
    public static readonly CnnFastEventSource Log = new();

    private CnnFastEventSource()
    {
    }

    /// <summary>The program was compiled without the vectors that the processor has.</summary>
    /// <param name="message">The sentence of <see cref="CpuInfo.Notice"/>.</param>
    [Event(1, Level = EventLevel.Warning, Message = "{0}")]
    public void KernelsCompiledOut(string message)
    {
        if (IsEnabled(EventLevel.Warning, EventKeywords.None))
            WriteEvent(1, message);
    }

    /// <summary>A listener that comes after the event was written is told as well.</summary>
    protected override void OnEventCommand(EventCommandEventArgs command)
    {
        if (command.Command == EventCommand.Enable && CpuInfo.NoticeGiven is { } notice)
            KernelsCompiledOut(notice);
    }
}
