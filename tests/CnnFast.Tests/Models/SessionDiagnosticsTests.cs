using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;

namespace CnnFast.Tests.Models;

/// <summary>What listeners are told of runs, and the profile of nodes.</summary>
public sealed class SessionDiagnosticsTests
{
    [Fact]
    public void The_meter_counts_runs_and_samples_and_times_them()
    {
        Model model = TestModels.Build("chain");
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = 2 });
        float[] input = TestModels.Input(model, 2);
        int thread = Environment.CurrentManagedThreadId;
        var sums = new Dictionary<string, double>();
        using (var listener = new MeterListener())
        {
            listener.InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == "CnnFast")
                    l.EnableMeasurementEvents(instrument);
            };
            void Add(string name, double value)
            {
                if (Environment.CurrentManagedThreadId == thread)
                    sums[name] = sums.GetValueOrDefault(name) + value;
            }

            listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
            listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name, value));
            listener.Start();
            session.Run(input, new float[8]);
            session.Run(input.AsSpan(0, input.Length / 2), new float[4]);
        }

        Assert.Equal(2, sums["cnnfast.runs"]);
        Assert.Equal(3, sums["cnnfast.samples"]);
        Assert.InRange(sums["cnnfast.run.duration"], 1e-9, 10);
    }

    [Fact]
    public void The_event_source_tells_of_runs_and_nodes_and_the_result_stays()
    {
        Model model = TestModels.Build("chain");
        using var session = new InferenceSession(model);
        float[] input = TestModels.Input(model, 1);
        float[] output = new float[4];
        using (var listener = new Listener())
        {
            session.Run(input, output);
            Assert.Contains("RunStart", listener.Names);
            Assert.Contains("RunStop", listener.Names);
            Assert.True(listener.Names.Count(name => name == "NodeStop") >= session.Plan.Steps.Count);
        }

        Assert.Equal(model.Predict(input), output);
    }

    [Fact]
    public void The_profile_has_every_node_in_order()
    {
        Model model = TestModels.Build("chain");
        using var session = new InferenceSession(model);
        float[] output = new float[4];
        IReadOnlyList<NodeProfile> nodes = session.Profile(TestModels.Input(model, 1), output, runs: 5);
        Assert.Equal(session.Plan.Steps.Select(step => step.Name), nodes.Select(node => node.Name));
        Assert.All(nodes, node => Assert.InRange(node.BestMicroseconds, 0, node.MedianMicroseconds));
        Assert.Equal(model.MultiplyAdds, nodes.Sum(node => node.MultiplyAdds));
        Assert.Contains(nodes, node => node.Kernel is not null && node.Kind.StartsWith("Conv2D", StringComparison.Ordinal));
        Assert.Equal(model.Predict(TestModels.Input(model, 1)), output);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Profile(TestModels.Input(model, 1), output, runs: 0));
    }

    private sealed class Listener : EventListener
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _names = [];

        public IReadOnlyCollection<string> Names => _names;

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "CnnFast")
                EnableEvents(eventSource, EventLevel.Verbose);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) => _names?.Enqueue(eventData.EventName ?? "");
    }
}
