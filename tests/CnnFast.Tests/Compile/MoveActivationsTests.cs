using CnnFast.Compile;
using CnnFast.Graphs;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Compile;

/// <summary>The ReLU of a convolution behind the maximum pooling that follows, for training: the same bits.</summary>
public sealed class MoveActivationsTests
{
    private const int Samples = 4;

    [Fact]
    public void ReLUs_before_poolings_that_alone_read_them_move()
    {
        Graphs.Graph graph = GraphCompiler.Compile(Net().Graph, [new MoveActivations([])]).Graph;
        Assert.Equal(
            ["Conv2D None", "MaxPool2D", "ReLU", "Conv2D None", "MaxPool2D", "ReLU6", "Conv2D ReLU", "MaxPool2D", "Add", "Conv2D Sigmoid",
                "GlobalMaxPool2D", "Dense None"],
            graph.Nodes.Select(node => node.Operation is IConvolution convolution
                ? $"{node.Operation.Kind} {convolution.Activation}"
                : node.Operation.Kind));
    }

    [Fact]
    public void Values_that_are_asked_for_stay()
    {
        Graphs.Graph graph = Net().Graph;
        Assert.Same(graph, GraphCompiler.Compile(graph, [new MoveActivations([.. graph.Nodes.Select(node => node.Output)])]).Graph);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Training_has_the_bits_of_ReLUs_in_their_places(int threads) =>
        Assert.Equal(Train(threads, inPlace: true).Select(BitConverter.SingleToInt32Bits),
            Train(threads, inPlace: false).Select(BitConverter.SingleToInt32Bits));

    // Poolings that overlap and that do not, one whose argument another layer reads too, and a function that has to stay.
    private static Model Net()
    {
        var x = new Input(21, 19, 2);
        ModelNode a = new MaxPool2D(2).Apply(new Conv2D(6, 5, activation: Activation.ReLU).Apply(x));
        ModelNode b = new MaxPool2D(3, stride: 1, padding: Padding.Same)
            .Apply(new Conv2D(6, 3, activation: Activation.ReLU6).Apply(a));
        ModelNode c = new Conv2D(6, 1, activation: Activation.ReLU).Apply(b);
        ModelNode d = new Add().Apply(c, new MaxPool2D(3, stride: 1, padding: Padding.Same).Apply(c));
        ModelNode e = new GlobalMaxPool2D().Apply(new Conv2D(5, 3, activation: Activation.Sigmoid).Apply(d));
        return Model.Build(x, new Dense(3).Apply(e), seed: 2);
    }

    private static float[] Train(int threads, bool inPlace)
    {
        Model model = Net();

        // Large outputs, so that the ReLU6 cuts some, and zeros among the inputs, so that windows hold equal ones.
        foreach (Parameter parameter in model.Parameters.Take(4))
            parameter.Assign([.. parameter.Values.ToArray().Select(value => 4 * value)]);
        float[] input = [.. Models.TestModels.Input(model, Samples).Select((value, i) => i % 300 < 120 ? 0 : value)];
        var options = new TrainingSessionOptions
        {
            Losses = [new LossTerm(new SoftmaxCrossEntropy())],
            MaxBatch = Samples,
            MaxThreads = threads,
        };
        if (inPlace)
            options = options with { Values = TrainingSession.ValuesWithGradient(model, options) };
        var session = new TrainingSession(model, options);
        var optimizer = new OptimizerState(new Sgd(0.05f, momentum: 0.9f), model);
        var numbers = new List<float>();
        for (int step = 0; step < 3; step++)
        {
            session.Forward(Samples, input);
            numbers.AddRange(session.Output());
            session.Loss([0, 2, 1, 2]);
            session.Backward();
            foreach (Parameter parameter in model.Parameters)
                numbers.AddRange(session.Gradient(parameter));
            optimizer.Step(session);
        }

        return [.. numbers];
    }
}
