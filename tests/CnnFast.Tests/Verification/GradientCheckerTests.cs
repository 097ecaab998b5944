using CnnFast.Data;
using CnnFast.Graphs;
using CnnFast.Layers;
using CnnFast.Tests.Models;
using CnnFast.Training;
using CnnFast.Verification;

namespace CnnFast.Tests.Verification;

/// <summary>Every layer, loss and architecture through the public checker, and wrong gradients that it has to find.</summary>
public sealed class GradientCheckerTests
{
    private static readonly GradientCheckOptions s_few = new() { Batch = 2, Samples = 2, ConvAlgorithm = ConvAlgorithm.Direct };

    public static TheoryData<string> Names => TestModels.NamesWithImported;

    /// <summary>
    /// Architectures on images as small and odd as they take; samples of differences where the reference is quick. VGG-16, which has no
    /// other layers than these, takes it a minute.
    /// </summary>
    public static TheoryData<string, int, int, int> Zoo => new()
    {
        { "tutorial", 28, 10, 2 }, { "lenet5", 29, 3, 2 }, { "mnist_cnn", 13, 4, 1 }, { "resnet18", 9, 5, 0 }, { "resnet50", 5, 3, 0 },
        { "mobilenetv2", 11, 3, 0 }, { "squeezenet", 31, 3, 0 }, { "unet", 16, 2, 0 },
    };

    public static TheoryData<Type> Losses =>
        [.. typeof(ILoss).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(ILoss)) && type.IsPublic && type.IsClass && CanMake(type))];

    [Fact]
    public void A_normalisation_that_is_applied_twice_has_statistics_for_each_use()
    {
        var shared = new BatchNormalization(name: "bn");
        var x = new Input(4, 3, 2);
        ModelNode y = shared.Apply(new Conv2D(2, 1, name: "c").Apply(shared.Apply(x)));
        GradientReport report = GradientChecker.Check(Model.Build(x, new Dense(3).Apply(new Flatten().Apply(y)), seed: 3),
            options: new GradientCheckOptions { Samples = 3 });
        AssertHolds(report);
        TensorGradient[] statistics = [.. report.Tensors.Where(tensor => tensor.Kind == GradientKind.Statistic)];
        Assert.Equal(["bn_2", "bn_2", "bn", "bn"], statistics.Select(tensor => tensor.Layer));
        Assert.All(statistics, tensor => Assert.NotNull(tensor.Gradient));
    }

    [Fact]
    public void A_softmax_over_a_part_of_the_output_has_no_loss_of_its_own()
    {
        Model model = new Sequential(new Conv2D(3, 3), new Softmax(name: "s"), new Flatten()).Build(new Shape(4, 5, 2), seed: 3);
        GradientReport report = GradientChecker.Check(model);
        AssertHolds(report);
        Assert.Null(report.Loss);
        Assert.StartsWith("GradientChecker: the output is that of the Softmax 's' over rows of 3 values; expected one over all 18 classes.",
            Assert.Throws<ShapeException>(() => GradientChecker.Check(model, new SoftmaxCrossEntropy())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradients_of_every_layer_hold(string name)
    {
        GradientReport report = GradientChecker.Check(TestModels.Build(name), options: new GradientCheckOptions { Samples = 6 });
        AssertHolds(report);
        Assert.Empty(report.WithoutReference);
        Assert.All(report.Tensors.Where(tensor => tensor.Kind != GradientKind.Loss), tensor => Assert.NotNull(tensor.Gradient));
        Assert.All(report.Tensors.Where(tensor => tensor.Kind is GradientKind.Parameter or GradientKind.Input),
            tensor => Assert.InRange(tensor.Sampled, 1, 6));
        Assert.Contains(report.Tensors, tensor => tensor.Kind == GradientKind.Input);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradients_of_every_layer_hold_with_winograd_and_threads(string name) =>
        AssertHolds(GradientChecker.Check(TestModels.Build(name),
            options: new GradientCheckOptions { Samples = 0, ConvAlgorithm = ConvAlgorithm.Winograd4, MaxThreads = 2 }));

    [Theory]
    [MemberData(nameof(Zoo))]
    public void The_gradients_of_the_zoo_hold(string name, int size, int classes, int samples)
    {
        ZooModel zoo = ModelZoo.Find(name)!;
        Model model = zoo.Build(new Shape(size, size, zoo.InputShape[2]), classes, seed: 3);
        GradientReport report = GradientChecker.Check(model, options: s_few with { Samples = samples });
        AssertHolds(report);
        Assert.Empty(report.WithoutReference);
        Assert.Superset(model.Parameters.Select(parameter => parameter.Name).ToHashSet(),
            report.Tensors.Where(tensor => tensor.Gradient is not null).Select(tensor => tensor.Name).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void The_gradients_of_every_loss_hold(Type type)
    {
        ILoss loss = Make(type);
        int checks = 0;
        Layer[][] ends = [[new Dense(5)], [new Conv2D(3, 3)], [new Dense(5), new Softmax()], [new Dense(5), new Sigmoid()]];
        IEnumerable<Model> models = ends.Select(end =>
            new Sequential([.. end[0] is Dense ? (Layer[])[new Flatten(), .. end] : end]).Build(new Shape(4, 5, 2), seed: 9));
        foreach (Model model in models.Append(LogSoftmax()))
        {
            if (!Takes(model, loss))
                continue;
            GradientReport report = GradientChecker.Check(model, loss, new GradientCheckOptions { Seed = 4 });
            AssertHolds(report);
            Assert.Equal(type.Name, report.Loss);
            checks++;
        }

        Assert.InRange(checks, 1, 5);
    }

    [Fact]
    public void Several_outputs_and_inputs_dropout_and_shared_weights_hold()
    {
        var image = new Input(new Shape(5, 7, 2), "image");
        var facts = new Input(new Shape(6), "facts");
        var shared = new Dense(6, Activation.Tanh, name: "shared");
        ModelNode pooled = new Dense(6).Apply(new GlobalMaxPool2D().Apply(new Conv2D(4, 3, activation: Activation.ReLU).Apply(image)));
        ModelNode twice = shared.Apply(shared.Apply(new Dropout(0.4f).Apply(facts)));
        ModelNode both = new Add().Apply(pooled, twice);
        Model model = Model.Build([image, facts],
            [new Dense(3, name: "kind").Apply(both), new BatchNormalization(name: "size").Apply(both)], seed: 2);
        GradientReport report = GradientChecker.Check(model, options: new GradientCheckOptions { Batch = 5, Samples = int.MaxValue });
        AssertHolds(report);
        Assert.Null(report.Loss);
        Assert.Equal(["facts", "image"],
            report.Tensors.Where(tensor => tensor.Kind == GradientKind.Input).Select(tensor => tensor.Name).Order());
        Assert.Equal(2, report.Tensors.Count(tensor => tensor.Kind == GradientKind.Statistic));
    }

    [Fact]
    public void Frozen_statistics_and_parameters_hold()
    {
        Model model = TestModels.Build("normalized");
        foreach (Parameter parameter in model.Parameters.Where(parameter => parameter.Info.IsStatistic))
            parameter.Trainable = false;
        model.Parameters.First(parameter => parameter.Name.EndsWith("filter", StringComparison.Ordinal)).Trainable = false;
        GradientReport report = GradientChecker.Check(model, options: new GradientCheckOptions { Samples = 3 });
        AssertHolds(report);
        Assert.DoesNotContain(report.Tensors, tensor => tensor.Kind == GradientKind.Statistic);
    }

    [Fact]
    public void Elements_at_a_kink_are_counted_and_not_failed()
    {
        Model model = new Sequential(new Dense(4, useBias: false), new ReLU(), new Dense(2)).Build(new Shape(3), seed: 5);
        float[] inputs = [0, 0, 0, 0.5f, -0.25f, 1];
        GradientReport report = GradientChecker.Check(model, new MeanSquaredError(),
            new GradientCheckOptions { Batch = 2, Inputs = [inputs], Values = new float[] { 1, 0, 0, 1 } });
        AssertHolds(report);
        Assert.InRange(report.Tensors.Single(tensor => tensor.Kind == GradientKind.Input).Kinks, 1, 3);
    }

    [Theory]
    [InlineData(WrongGradient.Forward)]
    [InlineData(WrongGradient.Backward)]
    [InlineData(WrongGradient.Reference)]
    public void A_wrong_operation_is_named(WrongGradient fault)
    {
        var builder = new GraphBuilder([]);
        ValueInfo x = builder.AddInput(new Shape(5, 6, 2));
        ValueInfo stem = builder.Add(new Conv2DOperation(4, new Window2D(3, 3), 1, Activation.None, true), [x], "stem");
        Operation operation = fault == WrongGradient.Reference ? new UnknownOperation() : new WrongOperation(fault);
        ValueInfo wrong = builder.Add(operation, [stem], "wrong");
        ValueInfo row = builder.Add(new GlobalAveragePool2DOperation(), [wrong]);
        ValueInfo y = builder.Add(new DenseOperation(3, Activation.None, true), [row], "head");
        var random = new SeededRandom(3);
        var model = new Model(builder.Build([y], (_, _, parameter) => parameter.Assign([.. Enumerable.Range(0, parameter.Shape.ElementCount)
            .Select(_ => (float)((2 * random.NextDouble()) - 1))])), "mutant");
        GradientReport report = GradientChecker.Check(model, options: new GradientCheckOptions { Batch = 3 });
        if (fault == WrongGradient.Reference)
        {
            // An operation without a reference is named; what lies around it is held all the same.
            AssertHolds(report);
            Assert.Contains("'wrong'", Assert.Single(report.WithoutReference), StringComparison.Ordinal);
            Assert.NotNull(report.Tensors.Single(tensor => tensor.Name == "stem.filter").Gradient);
            Assert.Null(report.Tensors.Single(tensor => tensor.Name == "stem").Gradient);
            return;
        }

        Assert.False(report.Holds);
        TensorGradient first = report.FirstFailure!;
        Assert.Equal(fault == WrongGradient.Forward ? "wrong" : "stem", first.Name);
        Assert.Contains(fault == WrongGradient.Forward ? "of the forward pass" : "the gradient of stem", first.Failure,
            StringComparison.Ordinal);
        Assert.Single(report.Tensors, tensor => !tensor.Holds);
    }

    [Fact]
    public void A_loss_with_a_wrong_gradient_is_named()
    {
        Model model = new Sequential(new Dense(4)).Build(new Shape(3), seed: 5);
        GradientReport report = GradientChecker.Check(model, new WrongLoss());
        Assert.Equal(GradientKind.Loss, report.FirstFailure!.Kind);
        Assert.Equal(nameof(WrongLoss), report.FirstFailure.Name);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Model model = new Sequential(new Dense(4)).Build(new Shape(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientChecker.Check(model, options: new GradientCheckOptions { Batch = 0 }));
        Assert.Throws<ShapeException>(() => GradientChecker.Check(model, options: new GradientCheckOptions { Inputs = [new float[8]] }));
        Assert.Throws<ShapeException>(() => GradientChecker.Check(model, options: new GradientCheckOptions { Labels = new int[2] }));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => GradientChecker.Check(model, cancellationToken: stop.Token));
    }

    // An imported end that no layer has.
    private static Model LogSoftmax()
    {
        var builder = new GraphBuilder([]);
        ValueInfo logits = builder.Add(new DenseOperation(5, Activation.None, true), [builder.AddInput(new Shape(12))]);
        var random = new SeededRandom(6);
        return new Model(builder.Build([builder.Add(new LogSoftmaxOperation(), [logits])], (_, _, parameter) =>
            parameter.Assign([.. Enumerable.Range(0, parameter.Shape.ElementCount).Select(_ => (float)random.NextDouble() - 0.5f)])), null);
    }

    private static bool Takes(Model model, ILoss loss)
    {
        try
        {
            return new ModelLosses("test", model, loss).Losses[0].TargetsFor(model.OutputShape).Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool CanMake(Type type) => type.GetConstructors()
        .Any(constructor => constructor.GetParameters().All(parameter => parameter.HasDefaultValue));

    private static ILoss Make(Type type)
    {
        var constructor = type.GetConstructors().First(found => found.GetParameters().All(parameter => parameter.HasDefaultValue));
        return (ILoss)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
    }

    private static void AssertHolds(GradientReport report) => Assert.True(report.Holds,
        string.Join('\n', report.Tensors.Where(tensor => !tensor.Holds).Select(tensor => tensor.Failure)));
}
