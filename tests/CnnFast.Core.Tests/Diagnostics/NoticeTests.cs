using System.Diagnostics.Tracing;
using CnnFast.Diagnostics;

namespace CnnFast.Core.Tests;

/// <summary>What the library says where its fast kernels are not in the program.</summary>
public sealed class NoticeTests
{
    [Theory]
    [InlineData(true, true, true, false)]
    [InlineData(true, false, true, false)]
    [InlineData(false, true, true, false)]
    [InlineData(false, false, false, false)]
    [InlineData(false, false, true, true)]
    public void Only_a_program_compiled_without_what_the_processor_has_gets_a_notice(bool compilesAtRunTime, bool hasKernels,
        bool processorHasAvx2, bool expected)
    {
        string? notice = CpuInfo.NoticeFor(compilesAtRunTime, hasKernels, processorHasAvx2);
        Assert.Equal(expected, notice is not null);
        Assert.Equal(expected, notice?.Contains("<IlcInstructionSet>x86-64-v3</IlcInstructionSet>", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public void A_program_of_the_just_in_time_compiler_gets_none()
    {
        _ = CpuInfo.Isa;
        Assert.Null(CpuInfo.Notice);
    }

    [Fact]
    public void Its_event_is_a_warning_of_the_source_CnnFast()
    {
        using var listener = new Listener();
        CnnFastEventSource.Log.KernelsCompiledOut("a sentence");
        EventWrittenEventArgs written = Assert.Single(listener.Events, one => one.Payload!.Contains("a sentence"));
        Assert.Equal("CnnFast", written.EventSource.Name);
        Assert.Equal(EventLevel.Warning, written.Level);
    }

    [Fact]
    public void A_listener_that_comes_later_gets_the_event_as_well()
    {
        CnnFastEventSource.Log.KernelsCompiledOut("an earlier sentence");
        using var listener = new Listener();
        EventWrittenEventArgs written = Assert.Single(listener.Events);
        Assert.Equal(["an earlier sentence"], written.Payload!);
    }

    private sealed class Listener : EventListener
    {
        public List<EventWrittenEventArgs> Events { get; } = [];

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "CnnFast")
                EnableEvents(eventSource, EventLevel.Warning);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) => Events.Add(eventData);
    }
}
