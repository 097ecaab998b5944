using CnnFast.Layers;
using Microsoft.Extensions.DependencyInjection;

namespace CnnFast.DependencyInjection.Tests;

public sealed class AddCnnFastTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnfast-di-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_default_and_the_named_models_give_sessions_with_their_options()
    {
        string path = Path.Combine(_folder, "two.safetensors");
        Build(2).Save(path);
        using ServiceProvider services = Provider(models => models
            .AddModel(Build(1))
            .AddFile(path, name: "two", session: _ => new SessionOptions { MaxBatch = 3 })
            .AddFactory(_ => Build(4), name: "four", session: model => new SessionOptions { MaxBatch = model.OutputShape[0] }));

        Assert.Equal(1, Outputs(services.GetRequiredService<InferenceSession>()));
        Assert.Equal(1, services.GetRequiredService<Model>().OutputShape[0]);
        var two = services.GetRequiredKeyedService<InferenceSession>("two");
        Assert.Equal((2, 3), (Outputs(two), two.MaxBatch));
        var four = services.GetRequiredKeyedService<InferenceSession>("four");
        Assert.Equal((4, 4), (Outputs(four), four.MaxBatch));

        var sessions = services.GetRequiredService<CnnFastSessions>();
        Assert.Equal(["two", "four"], sessions.Names);
        Assert.Same(two, sessions.GetSession("two"));
        Assert.Same(services.GetRequiredService<InferenceSession>(), sessions.GetSession());
        Assert.Same(services.GetRequiredKeyedService<Model>("four"), sessions.GetModel("four"));
    }

    [Fact]
    public void A_session_computes_what_its_model_does()
    {
        Model model = Build(3);
        using ServiceProvider services = Provider(models => models.AddModel(model));
        float[] input = [.. Enumerable.Range(0, 16).Select(i => i / 16f)];
        var output = new float[3];
        services.GetRequiredService<InferenceSession>().Run(input, output);
        Assert.Equal(model.Predict(input), output);
    }

    [Fact]
    public void Each_is_made_once_at_the_first_use_whoever_asks()
    {
        int made = 0;
        int planned = 0;
        using ServiceProvider services = Provider(models => models.AddFactory(
            _ =>
            {
                Interlocked.Increment(ref made);
                Thread.Sleep(20);
                return Build(2);
            },
            name: "a",
            session: _ =>
            {
                Interlocked.Increment(ref planned);
                return new SessionOptions();
            }));
        Assert.Equal((0, 0), (made, planned));

        var found = new InferenceSession[8];
        Parallel.For(0, found.Length, i => found[i] = services.GetRequiredKeyedService<InferenceSession>("a"));
        using IServiceScope scope = services.CreateScope();
        Assert.All(found, session => Assert.Same(scope.ServiceProvider.GetRequiredKeyedService<InferenceSession>("a"), session));
        Assert.Equal((1, 1), (made, planned));
    }

    [Fact]
    public void The_container_disposes_its_sessions()
    {
        ServiceProvider services = Provider(models => models.AddModel(Build(1)).AddModel(Build(1), name: "a"));
        InferenceSession[] sessions = [services.GetRequiredService<InferenceSession>(),
            services.GetRequiredKeyedService<InferenceSession>("a")];
        services.Dispose();
        Assert.All(sessions, session => Assert.Throws<ObjectDisposedException>(() => session.Run(new float[16], new float[1])));
    }

    [Fact]
    public void A_missing_file_is_said_at_the_first_use_which_may_be_tried_again()
    {
        string path = Path.Combine(_folder, "late.safetensors");
        using ServiceProvider services = Provider(models => models.AddFile(path).AddFile(path, name: "late"));
        var error = Assert.Throws<FileNotFoundException>(() => services.GetRequiredService<InferenceSession>());
        Assert.Equal($"CnnFast: the default model has no file '{path}' (in '{path}'); expected a model file, as Model.Save writes.",
            error.Message);
        error = Assert.Throws<FileNotFoundException>(() => services.GetRequiredKeyedService<Model>("late"));
        Assert.StartsWith("CnnFast: the model 'late' has no file ", error.Message, StringComparison.Ordinal);

        Build(2).Save(path);
        Assert.Equal(2, Outputs(services.GetRequiredService<InferenceSession>()));
    }

    [Fact]
    public void A_name_that_was_not_added_is_one_sentence_with_those_that_were()
    {
        using ServiceProvider services = Provider(models =>
            models.AddModel(Build(1)).AddModel(Build(1), name: "a").AddModel(Build(1), name: "b"));
        const string Expected = "CnnFast: no model is named 'c'; AddCnnFast has 'a', 'b' and one without a name.";
        var sessions = services.GetRequiredService<CnnFastSessions>();
        Assert.Equal(Expected, Assert.Throws<InvalidOperationException>(() => sessions.GetSession("c")).Message);
        Assert.Equal(Expected, Assert.Throws<InvalidOperationException>(() => sessions.GetModel("c")).Message);
        Assert.Equal(Expected,
            Assert.Throws<InvalidOperationException>(() => services.GetRequiredKeyedService<InferenceSession>("c")).Message);
        Assert.Equal(Expected, Assert.Throws<InvalidOperationException>(() => services.GetRequiredKeyedService<Model>("c")).Message);

        using ServiceProvider empty = Provider(_ => { });
        Assert.Equal(
            "CnnFast: no model was added without a name; AddCnnFast has none with a name.",
            Assert.Throws<InvalidOperationException>(() => empty.GetRequiredService<CnnFastSessions>().GetSession()).Message);
    }

    [Fact]
    public void A_name_is_given_once_over_all_calls()
    {
        var services = new ServiceCollection();
        services.AddCnnFast(models => models.AddModel(Build(1)).AddModel(Build(1), name: "a"));
        var error = Assert.Throws<ArgumentException>(() => services.AddCnnFast(models => models.AddModel(Build(1), name: "a")));
        Assert.StartsWith("AddCnnFast: a model named 'a' was added before; expected a name of its own for each.", error.Message,
            StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => services.AddCnnFast(models => models.AddFile("x.safetensors")));
        Assert.StartsWith("AddCnnFast: a model without a name was added before; expected one alone, and names for the others.",
            error.Message, StringComparison.Ordinal);
        services.AddCnnFast(models => models.AddModel(Build(1), name: "A"));
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Equal(["a", "A"], provider.GetRequiredService<CnnFastSessions>().Names);
    }

    [Fact]
    public void Bad_arguments_and_a_factory_without_a_model_are_exceptions()
    {
        Assert.Throws<ArgumentException>(() => Provider(models => models.AddFile("")));
        Assert.Throws<ArgumentException>(() => Provider(models => models.AddModel(Build(1), name: "")));
        Assert.Throws<ArgumentNullException>(() => Provider(models => models.AddModel(null!)));
        Assert.Throws<ArgumentNullException>(() => Provider(null!));
        using ServiceProvider services = Provider(models => models.AddFactory(_ => null!, name: "none"));
        Assert.Equal(
            "AddCnnFast: the factory of the model 'none' returned null; expected a model.",
            Assert.Throws<InvalidOperationException>(() => services.GetRequiredKeyedService<InferenceSession>("none")).Message);
    }

    private static int Outputs(InferenceSession session) => session.Outputs[0].Shape[0];

    private static Model Build(int outputs) => new Sequential(new Flatten(), new Dense(outputs)).Build(new Shape(4, 4, 1), seed: 1);

    private static ServiceProvider Provider(Action<CnnFastModels> configure) =>
        new ServiceCollection().AddCnnFast(configure).BuildServiceProvider(validateScopes: true);
}
