using CnnFast.Compile;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Compile;

/// <summary>Batch normalisation merged with what follows it, for training: the same bits as step by step.</summary>
public sealed class FuseNormalizationTests
{
    private const int Samples = 5;

    [Fact]
    public void Sums_and_functions_that_it_alone_is_read_by_are_merged()
    {
        string[] kinds = [.. Fused(Net()).Nodes.Select(node => node.Operation.Kind)];
        Assert.Contains("BatchNormalization+ReLU", kinds);
        Assert.Contains("BatchNormalization+ReLU6", kinds);
        Assert.Contains("BatchNormalization+Add+ReLU", kinds);
        Assert.Contains("BatchNormalization+Add", kinds);
        Assert.Contains("BatchNormalization", kinds);
        Assert.Contains("SiLU", kinds);
        Assert.DoesNotContain("Add", kinds);
    }

    [Fact]
    public void Values_that_are_asked_for_stay()
    {
        Graphs.Graph graph = Net().Graph;
        Graphs.ValueInfo[] all = [.. graph.Nodes.Select(node => node.Output)];
        Assert.Same(graph, GraphCompiler.Compile(graph, [new FuseNormalization(all)]).Graph);
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, false, false)]
    [InlineData(1, true, false)]
    [InlineData(1, false, true)]
    public void Training_has_the_bits_of_the_separate_nodes(int threads, bool frozen, bool inference)
    {
        (float[] Outputs, float[] Numbers) merged = Train(Net(), threads, frozen, inference, separate: false);
        (float[] Outputs, float[] Numbers) separate = Train(Net(), threads, frozen, inference, separate: true);
        Assert.Equal(separate.Outputs.Select(BitConverter.SingleToInt32Bits), merged.Outputs.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(separate.Numbers.Select(BitConverter.SingleToInt32Bits), merged.Numbers.Select(BitConverter.SingleToInt32Bits));
    }

    private static Graphs.Graph Fused(Model model) => GraphCompiler.Compile(model.Graph, [new FuseNormalization([])]).Graph;

    // Two branches that are both normalised, a sum of a value with itself, dropout behind merged nodes, and a function that needs its
    // argument.
    private static Model Net()
    {
        var x = new Input(9, 7, 3);
        ModelNode a = new ReLU().Apply(new BatchNormalization().Apply(new Conv2D(18, 3, padding: Padding.Same, useBias: false).Apply(x)));
        ModelNode b = new BatchNormalization(useScale: false).Apply(new Conv2D(18, 3, padding: Padding.Same).Apply(a));
        ModelNode c = new BatchNormalization().Apply(new Conv2D(18, 1).Apply(a));
        ModelNode d = new Dropout(0.3f).Apply(new ReLU().Apply(new Add().Apply(b, c)));
        ModelNode e = new ReLU6().Apply(new BatchNormalization(unbiasedMovingVariance: true).Apply(new Conv2D(18, 1).Apply(d)));
        ModelNode f = new Add().Apply(d, new BatchNormalization().Apply(new Conv2D(18, 3, padding: Padding.Same).Apply(e)));
        ModelNode g = new SiLU().Apply(new BatchNormalization().Apply(f));
        ModelNode h = new ReLU().Apply(new Add().Apply(g, new BatchNormalization(useOffset: false).Apply(g)));
        return Model.Build(x, new Dense(4).Apply(new Flatten().Apply(h)), seed: 4);
    }

    private static (float[] Outputs, float[] Numbers) Train(Model model, int threads, bool frozen, bool inference, bool separate)
    {
        if (frozen)
        {
            foreach (Parameter parameter in model.Parameters.Where(parameter => parameter.Name.Contains("moving")))
                parameter.Trainable = false;
        }

        var options = new TrainingSessionOptions
        {
            Losses = [new LossTerm(new SoftmaxCrossEntropy())],
            MaxBatch = Samples,
            MaxThreads = threads,
            Inference = inference,
        };
        if (separate)
            options = options with { Values = TrainingSession.ValuesWithGradient(model, options) };
        var session = new TrainingSession(model, options);
        var optimizer = new OptimizerState(new Sgd(0.05f, momentum: 0.9f), model);
        var numbers = new List<float>();
        float[] outputs = [];
        for (int step = 0; step < 3; step++)
        {
            session.Forward(Samples, Models.TestModels.Input(model, Samples));
            outputs = session.Output().ToArray();
            session.Loss([0, 3, 1, 2, 3]);
            session.Backward(accumulate: step == 1);
            foreach (Parameter parameter in model.Parameters.Where(parameter => parameter.Trainable && !parameter.Name.Contains("moving")))
                numbers.AddRange(session.Gradient(parameter));
            optimizer.Step(session);
            foreach (Parameter parameter in model.Parameters)
                numbers.AddRange(parameter.Values);
        }

        return (outputs, [.. numbers]);
    }
}
