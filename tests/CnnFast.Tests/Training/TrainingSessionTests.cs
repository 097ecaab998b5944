using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Tests.Models;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Steps in one's own hands: gradients of inputs and inner values, several outputs, several batches a step.</summary>
public sealed class TrainingSessionTests
{
    [Fact]
    public void Own_steps_are_those_of_a_trainer()
    {
        ImageDataset data = TinyData.Create(24);
        Model trained = TinyData.Net(dropout: 0), own = TinyData.Net(dropout: 0);
        new Trainer(trained, new Sgd(0.1f, 0.9f)).Train(data, new FitOptions { BatchSize = 8, Shuffle = false, MaxThreads = 1 });

        var session = new TrainingSession(own, new TrainingSessionOptions
        {
            MaxBatch = 8,
            Losses = [new LossTerm(new SoftmaxCrossEntropy())],
            MaxThreads = 1,
        });
        var optimizer = new OptimizerState(new Sgd(0.1f, 0.9f), own);
        float[] images = new float[8 * 48];
        for (int first = 0; first < 24; first += 8)
        {
            int[] indices = [.. Enumerable.Range(first, 8)];
            data.CopyImages(indices, images);
            session.Forward(8, images);
            Assert.True(session.Loss([.. indices.Select(data.GetLabel)]) > 0);
            session.Backward();
            optimizer.Step(session);
        }

        Assert.Equal(TinyData.Bits(trained), TinyData.Bits(own));
        Assert.Equal(3, optimizer.Steps);
    }

    [Fact]
    public void Gradients_of_inputs_and_inner_values_are_those_of_central_differences()
    {
        var x = new Input(5, 4, 2);
        ModelNode a = new Conv2D(3, 3, padding: Padding.Same, activation: Activation.Tanh, name: "a").Apply(x);
        ModelNode b = new Sigmoid(name: "b").Apply(new Conv2D(3, 3, padding: Padding.Same).Apply(a));
        Model model = Model.Build(x, new Dense(2, name: "y").Apply(new Flatten().Apply(new Add().Apply(a, b))), seed: 4);
        model.Freeze("*");
        var session = new TrainingSession(model, new TrainingSessionOptions { MaxBatch = 3, Values = ["input", "a", "b"] });
        float[] input = TestModels.Input(model, 2);
        float[] weights = [0.7f, -1.1f, 0.4f, 0.9f];

        session.Forward(2, input);
        weights.CopyTo(session.OutputGradient());
        session.Backward();
        float[] gradient = session.ValueGradient("input").ToArray();
        Assert.Equal(input, session.Value("input").ToArray());
        Assert.Equal(2 * 5 * 4 * 3, session.ValueGradient("a").Length);
        Assert.Equal(model.WithOutputs("a").Predict(input), session.Value("a").ToArray());

        for (int i = 0; i < input.Length; i += 7)
        {
            const float H = 1e-2f;
            double Loss(float h)
            {
                float[] moved = [.. input];
                moved[i] += h;
                return model.Predict(moved).Zip(weights, (value, weight) => (double)value * weight).Sum();
            }

            Assert.Equal((Loss(H) - Loss(-H)) / (2 * H), gradient[i], 2e-3);
        }

        // The gradient of b alone goes through y's filter; that of a has the way through b as well.
        ReadOnlySpan<float> filter = model.Parameters.First(parameter => parameter.Name == "y.filter").Values;
        ReadOnlySpan<float> db = session.ValueGradient("b"), da = session.ValueGradient("a");
        for (int i = 0; i < 60; i++)
            Assert.Equal((filter[2 * i] * weights[0]) + (filter[(2 * i) + 1] * weights[1]), db[i], 1e-5);
        Assert.NotEqual(db.ToArray(), da.ToArray());
    }

    [Fact]
    public void Batches_that_are_added_up_are_one_large_batch()
    {
        Model model = TinyData.Net(dropout: 0);
        float[] input = TestModels.Input(model, 6);
        int[] labels = [0, 1, 2, 3, 1, 2];
        TrainingSession session = Session(model, 6);
        session.Forward(6, input);
        session.Loss(labels);
        session.Backward();
        float[] whole = session.Gradient(model.Parameters[0]).ToArray();

        session.Forward(4, input.AsSpan(0, 4 * 48));
        session.Loss(labels.AsSpan(0, 4), scale: 4f / 6);
        session.Backward();
        session.Forward(2, input.AsSpan(4 * 48));
        session.Loss(labels.AsSpan(4), scale: 2f / 6);
        session.Backward(accumulate: true);
        ReadOnlySpan<float> sum = session.Gradient(model.Parameters[0]);
        for (int i = 0; i < whole.Length; i++)
            Assert.Equal(whole[i], sum[i], 1e-5);
    }

    [Fact]
    public void Several_losses_on_several_outputs_add_up()
    {
        var x = new Input(6);
        ModelNode body = new Dense(5, Activation.Tanh, name: "body").Apply(x);
        Model model = Model.Build([x],
            [new Dense(3, name: "kind").Apply(body), new Dense(2, Activation.Sigmoid, name: "flags").Apply(body)], seed: 1);
        float[] input = TestModels.Input(model, 2), flags = [1, 0, 0, 1];
        int[] kinds = [2, 0];
        float[] Gradient(params LossTerm[] terms)
        {
            var session = new TrainingSession(model, new TrainingSessionOptions { MaxBatch = 2, Losses = terms });
            session.Forward(2, input);
            for (int i = 0; i < terms.Length; i++)
            {
                if (terms[i].Output == "kind")
                    session.Loss(kinds, i);
                else
                    session.Loss(flags, i);
            }

            session.Backward();
            return session.Gradient(model.Parameters[0]).ToArray();
        }

        LossTerm kind = new(new SoftmaxCrossEntropy()) { Output = "kind" };
        LossTerm flag = new(new BinaryCrossEntropy()) { Output = "flags", Weight = 0.5f };
        float[] both = Gradient(kind, flag), one = Gradient(kind), other = Gradient(flag), twice = Gradient(kind, kind, flag);
        for (int i = 0; i < both.Length; i++)
        {
            Assert.Equal(one[i] + other[i], both[i], 1e-6);
            Assert.Equal((2 * one[i]) + other[i], twice[i], 1e-6);
        }
    }

    [Fact]
    public void What_is_asked_in_the_wrong_order_or_is_not_there_is_refused()
    {
        Model model = TinyData.Net();
        TrainingSession session = Session(model, 2);
        Assert.Equal("TrainingSession.Backward: the last call was none; expected it after Forward.",
            Assert.Throws<InvalidOperationException>(() => session.Backward()).Message);
        Assert.Contains("there is no input or layer 'x'",
            Assert.Throws<ArgumentException>(() => new TrainingSession(model, new TrainingSessionOptions { Values = ["x"] })).Message,
            StringComparison.Ordinal);
        Assert.Contains("3 samples were given; expected 1 to 2",
            Assert.Throws<ArgumentOutOfRangeException>(() => session.Forward(3, new float[3 * 48])).Message, StringComparison.Ordinal);
        session.Forward(2, new float[2 * 48]);
        Assert.Contains("1 labels were given for 2 samples", Assert.Throws<ShapeException>(() => session.Loss([1])).Message,
            StringComparison.Ordinal);
        foreach (float weight in new[] { -1, float.NaN })
            Assert.Contains("expected finite numbers of at least 0", Assert.Throws<ArgumentException>(() =>
                session.Loss([0, 1], sampleWeights: [weight, 1])).Message, StringComparison.Ordinal);
        Assert.Equal("TrainingSession.Backward: no output has a gradient since Forward; expected Loss, or OutputGradient, before.",
            Assert.Throws<InvalidOperationException>(() => session.Backward()).Message);
    }

    [Fact]
    public void A_step_on_one_thread_allocates_nothing()
    {
        Model model = TinyData.Net();
        var session = new TrainingSession(model, new TrainingSessionOptions
        {
            MaxBatch = 4,
            Losses = [new LossTerm(new SoftmaxCrossEntropy())],
            MaxThreads = 1,
        });
        var optimizer = new OptimizerState(new Adam(), model);
        float[] input = TestModels.Input(model, 4);
        int[] labels = [0, 1, 2, 3];
        Assert.Equal(0, Testing.Allocations.Least(() =>
        {
            session.Forward(4, input);
            session.Loss(labels);
            session.Backward();
            optimizer.Step(session);
        }));
    }

    [Fact]
    public void A_step_on_two_threads_allocates_at_most_4_KB()
    {
        const int Batch = 32;
        Model model = ModelPresets.Digits.Build(new Shape(28, 28, 1), 10);
        var session = new TrainingSession(model, new TrainingSessionOptions
        {
            MaxBatch = Batch,
            Losses = [new LossTerm(new SoftmaxCrossEntropy())],
            MaxThreads = 2,
        });
        var optimizer = new OptimizerState(new Adam(), model);
        float[] input = TestModels.Input(model, Batch);
        int[] labels = [.. Enumerable.Range(0, Batch).Select(i => i % 10)];
        Assert.InRange(Testing.Allocations.Least(() =>
        {
            session.Forward(Batch, input);
            session.Loss(labels);
            session.Backward();
            optimizer.Step(session);
        }), 0, 4096);
    }

    [Fact]
    public void A_loss_that_throws_leaves_no_gradient()
    {
        Model model = TinyData.Net();
        TrainingSession session = Session(model, 2);
        float[] input = TestModels.Input(model, 2);
        foreach (bool once in new[] { false, true })
        {
            session.Forward(2, input);
            if (once)
                session.Loss([0, 1]);
            Assert.Throws<ArgumentOutOfRangeException>(() => session.Loss([0, 9]));
            Assert.Throws<InvalidOperationException>(() => session.Backward());
        }

        session.Forward(2, input);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Loss([0, 9]));
        session.Loss([0, 1]);
        session.Backward();
        Assert.Contains(session.Gradient(model.Parameters[0]).ToArray(), value => value != 0);
    }

    [Fact]
    public void What_is_unfrozen_after_a_session_was_created_needs_another()
    {
        Model model = TinyData.Net();
        model.Freeze("conv2d_1.*");
        TrainingSession session = Session(model, 2);
        var optimizer = new OptimizerState(new Sgd(0.1f), model);
        session.Forward(2, TestModels.Input(model, 2));
        session.Loss([0, 1]);
        session.Backward();
        model.Unfreeze("conv2d_1.filter");
        byte[] before = TinyData.Bits(model);
        const string Message = "'conv2d_1.filter' was frozen when the session was created and is trained now; expected a session that is " +
            "created after it.";
        Assert.Equal($"TrainingSession.Gradient: {Message}",
            Assert.Throws<InvalidOperationException>(() => session.Gradient(model.Parameters[0]).Length).Message);
        Assert.Equal($"OptimizerState.Step: {Message}", Assert.Throws<InvalidOperationException>(() => optimizer.Step(session)).Message);
        Assert.Equal($"TrainingSession.MoveStatistics: {Message}",
            Assert.Throws<InvalidOperationException>(session.MoveStatistics).Message);
        Assert.Equal(before, TinyData.Bits(model));
        model.Freeze("conv2d_1.filter");
        optimizer.Step(session);
    }

    private static TrainingSession Session(Model model, int batch) => new(model, new TrainingSessionOptions
    {
        MaxBatch = batch,
        Losses = [new LossTerm(new SoftmaxCrossEntropy())],
    });
}
