using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using CnnFast.Layers;
using CnnFast.Testing;

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
            Assert.True(listener.Names.Count(name => name == "NodeRun") >= session.Plan.Steps.Count);
        }

        Assert.Equal(model.Predict(input), output);
    }

    [Fact]
    public void Metrics_and_events_carry_the_name_of_the_model_where_it_has_one()
    {
        const string Name = "named-for-listeners";
        Model named = new Sequential(new Dense(2)).Build(new Shape(3), seed: 1, name: Name);
        Model other = new Sequential(new Dense(2)).Build(new Shape(3), seed: 2);
        using var session = new InferenceSession(named);
        using var nameless = new InferenceSession(other);
        int thread = Environment.CurrentManagedThreadId;
        var tags = new List<string>();
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "CnnFast")
                l.EnableMeasurementEvents(instrument);
        };
        void Note(ReadOnlySpan<KeyValuePair<string, object?>> given)
        {
            if (Environment.CurrentManagedThreadId == thread)
                tags.Add(given.IsEmpty ? "none" : $"{given[0].Key}={given[0].Value}");
        }

        meters.SetMeasurementEventCallback<long>((_, _, given, _) => Note(given));
        meters.SetMeasurementEventCallback<double>((_, _, given, _) => Note(given));
        meters.Start();
        float[] output = new float[2];
        float[] input = new float[3];
        using (var listener = new Listener())
        {
            session.Run(input, output);
            Assert.Contains(("RunStart", Name), listener.Models);
            Assert.Contains(("RunStop", Name), listener.Models);
        }

        Assert.Equal([.. Enumerable.Repeat($"cnnfast.model={Name}", 3)], tags);
        tags.Clear();
        nameless.Run(input, output);
        Assert.Equal(["none", "none", "none"], tags);
        meters.SetMeasurementEventCallback<long>((_, _, _, _) => { });
        meters.SetMeasurementEventCallback<double>((_, _, _, _) => { });
        Assert.Equal(0, Allocations.Least(() => session.Run(input, output)));
    }

    [Fact]
    public void The_profile_takes_several_inputs_and_outputs()
    {
        var a = new Input(new Shape(3), "a");
        var b = new Input(new Shape(3), "b");
        ModelNode sum = new Add().Apply(new Dense(3).Apply(a), b);
        using var session = new InferenceSession(Model.Build([a, b], [new Dense(2).Apply(sum), new Dense(4).Apply(sum)], seed: 1),
            new SessionOptions { MaxBatch = 2 });
        float[][] outputs = [new float[4], new float[8]];
        IReadOnlyList<NodeProfile> nodes = session.Profile([new float[6], new float[6]], [outputs[0], outputs[1]], runs: 3);
        Assert.Equal(session.Plan.Steps.Select(step => step.Name), nodes.Select(node => node.Name));
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

        public System.Collections.Concurrent.ConcurrentQueue<(string Event, string Model)> Models { get; } = [];

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "CnnFast")
                EnableEvents(eventSource, EventLevel.Verbose);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            _names?.Enqueue(eventData.EventName ?? "");
            if (eventData.PayloadNames?.IndexOf("model") is >= 0 and var at)
                Models?.Enqueue((eventData.EventName ?? "", (string?)eventData.Payload?[at] ?? ""));
        }
    }
}
