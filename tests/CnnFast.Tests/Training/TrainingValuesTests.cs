using CnnFast.Data;
using CnnFast.Graphs;
using CnnFast.Layers;
using CnnFast.Tests.Models;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Named inner values of a training session: views of inputs, constants, and those behind which nothing is trained.</summary>
public sealed class TrainingValuesTests
{
    [Fact]
    public void A_view_of_an_input_has_its_values_and_gradient()
    {
        Model model = new Sequential(new Flatten(name: "flat"), new Dense(3, name: "y")).Build(new Shape(2, 2, 3), seed: 2);
        var session = new TrainingSession(model, new TrainingSessionOptions { MaxBatch = 3, Values = ["flat", "input"] });
        float[] input = TestModels.Input(model, 2);
        session.Forward(2, input);
        Assert.Equal(input, session.Value("flat").ToArray());
        Assert.Equal(input, session.Value("input").ToArray());
        session.OutputGradient().Fill(1);
        session.Backward();
        Assert.Equal(input, session.Value("flat").ToArray());
        Assert.Equal(session.ValueGradient("input").ToArray(), session.ValueGradient("flat").ToArray());
        Assert.Equal(24, session.ValueGradient("flat").Length);
    }

    [Fact]
    public void An_output_that_is_a_view_of_an_input_is_read_where_the_input_lies()
    {
        var x = new Input(2, 3);
        Model model = Model.Build([x], [new Flatten(name: "same").Apply(x), new Dense(2, name: "y").Apply(new Flatten().Apply(x))]);
        float[] input = TestModels.Input(model, 2);
        var session = new TrainingSession(model, new TrainingSessionOptions
        {
            MaxBatch = 2,
            Losses = [new LossTerm(new MeanSquaredError()) { Output = "same" }, new LossTerm(new MeanSquaredError()) { Output = "y" }],
        });
        session.Forward(2, input);
        Assert.Equal(input, session.Output(0).ToArray());
        Assert.Equal(0, session.Loss(input));
        Assert.Equal(input.Average(value => (double)value * value), session.Loss(new float[12]), 1e-6);
    }

    [Fact]
    public void In_inference_layers_compute_as_the_model_does_and_nothing_moves()
    {
        Model model = new Sequential(new Conv2D(3, 2, name: "conv"), new BatchNormalization(name: "norm"), new SpatialDropout(0.5f),
            new Flatten(), new Dropout(0.5f), new Dense(2, name: "y")).Build(new Shape(4, 3, 1), seed: 4);
        Parameter mean = model.Parameters.First(parameter => parameter.Role == ParameterRole.Mean);
        mean.Assign([0.3f, -0.2f, 0.1f]);
        float[] input = TestModels.Input(model, 2);
        var session = new TrainingSession(model, new TrainingSessionOptions { MaxBatch = 2, Inference = true, Values = ["norm"] });
        session.Forward(2, input);
        float[] expected = model.Predict(input);
        float[] norm = model.WithOutputs("norm").Predict(input);
        Assert.All(expected.Zip(session.Output().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.All(norm.Zip(session.Value("norm").ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        session.OutputGradient().Fill(1);
        session.Backward();
        session.MoveStatistics();
        Assert.Equal([0.3f, -0.2f, 0.1f], mean.Values.ToArray());
    }

    [Fact]
    public void The_values_that_have_a_gradient_are_those_that_lead_to_the_loss()
    {
        var options = new TrainingSessionOptions { Losses = [new LossTerm(new SoftmaxCrossEntropy())] };
        Model model = new Sequential(new Flatten(name: "flat"), new Dense(3, name: "y"), new Softmax(name: "end"))
            .Build(new Shape(2, 2, 3), seed: 2);
        IReadOnlyList<string> names = TrainingSession.ValuesWithGradient(model, options);
        Assert.Equal(["input", "flat", "y"], names);
        _ = new TrainingSession(model, options with { Values = names });
        Assert.Equal(["input", "flat", "y", "end"], TrainingSession.ValuesWithGradient(model));
    }

    [Fact]
    public void A_constant_has_its_values()
    {
        var session = new TrainingSession(WithConstant([2, -1, 0.5f]), new TrainingSessionOptions { MaxBatch = 2, Values = ["c", "v"] });
        session.Forward(2, [1, 2, 3, 4, 5, 6]);
        Assert.Equal([2, -1, 0.5f], session.Value("c").ToArray());
        Assert.Equal([2, -1, 0.5f], session.Value("v").ToArray());
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_not_put_down_to_a_constant()
    {
        Model model = WithConstant([2, float.NegativeInfinity, 0.5f]);
        var data = new ArrayDataset(new Shape(3), new float[12], new Shape(2), new float[8]);
        string message = Assert.Throws<NotFiniteNumberException>(() =>
            new Trainer(model, new Sgd(0.1f), new MeanSquaredError()).Train(data, new FitOptions { BatchSize = 4 })).Message;
        Assert.Contains("'sum' is the first layer", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_explained_where_the_first_layers_are_frozen()
    {
        Model model = new Sequential(new Conv2D(2, 3, name: "c"), new ReLU(name: "r"), new Flatten(), new Dense(2, name: "y"))
            .Build(new Shape(4, 4, 1));
        model.Freeze("c.*");
        model.Parameters[^1].Assign([float.MaxValue, 0]);
        var data = new ArrayDataset(new Shape(4, 4, 1), new float[64], new Shape(2), [.. Enumerable.Repeat(float.MinValue, 8)]);
        string message = Assert.Throws<NotFiniteNumberException>(() =>
            new Trainer(model, new Sgd(0.1f), new MeanSquaredError()).Train(data, new FitOptions { BatchSize = 4 })).Message;
        Assert.Contains("expected a finite number", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_before_which_nothing_is_trained_have_their_gradients()
    {
        Model model = new Sequential(new Conv2D(3, 3, name: "c"), new ReLU(name: "r"), new MaxPool2D(2, name: "m"), new Flatten(),
            new Dense(2, name: "y")).Build(new Shape(6, 6, 2), seed: 3);
        float[][] free = Gradients(model, "input", "c", "r", "m");
        model.Freeze("c.*");
        Assert.Equal(free[2], Gradients(model, "r")[0]);
        Assert.Equal(free[3], Gradients(model, "m")[0]);
        Assert.Equal(free[2..], Gradients(model, "r", "m"));
        model.Freeze("*");
        Assert.Equal(free[1], Gradients(model, "c")[0]);
        Assert.Equal(free[2], Gradients(model, "r")[0]);
        Assert.Equal(free, Gradients(model, "input", "c", "r", "m"));
    }

    [Theory]
    [InlineData("v")]
    [InlineData("v", "c")]
    [InlineData("w", "v")]
    public void The_gradient_of_a_view_is_that_of_what_it_looks_at(params string[] names)
    {
        var x = new Input(4, 4, 1);
        ModelNode c = new Conv2D(2, 3, name: "c").Apply(x);
        ModelNode v = new Flatten(name: "v").Apply(c), w = new Reshape([8], name: "w").Apply(c);
        ModelNode y = new Add().Apply(new Dense(2, name: "a").Apply(v), new Dense(2, name: "b").Apply(w));
        Model model = Model.Build(x, new Add().Apply(y, new GlobalAveragePool2D().Apply(c)), seed: 5);
        float[] whole = Gradients(model, "c")[0];
        model.Freeze("c.*");
        foreach (float[] gradient in Gradients(model, names))
            Assert.Equal(whole, gradient);
    }

    private static float[][] Gradients(Model model, params string[] names)
    {
        var session = new TrainingSession(model, new TrainingSessionOptions { MaxBatch = 2, Values = names });
        session.Forward(2, TestModels.Input(model, 2));
        new float[] { 0.7f, -1.1f, 0.4f, 0.9f }.CopyTo(session.OutputGradient());
        session.Backward();
        return [.. names.Select(name => session.ValueGradient(name).ToArray())];
    }

    // A constant of an imported model, under a view, is added to the samples.
    private static Model WithConstant(float[] values)
    {
        var builder = new GraphBuilder([]);
        ValueInfo x = builder.AddInput(new Shape(3));
        ValueInfo c = builder.Add(new ConstantOperation(ElementType.Float32, new Shape(3), values), [], "c");
        ValueInfo v = builder.Add(new ReshapeWholeOperation(new Shape(1, 3)), [c], "v");
        ValueInfo sum = builder.Add(new BinaryOperation(BinaryFunction.Add), [x, v], "sum");
        ValueInfo y = builder.Add(new DenseOperation(2, Activation.None, true), [sum], "y");
        return new Model(builder.Build([y], (_, _, parameter) => parameter.Assign(new float[parameter.Shape.ElementCount])), "constant");
    }
}
