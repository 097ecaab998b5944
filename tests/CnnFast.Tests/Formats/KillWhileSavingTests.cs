namespace CnnFast.Tests.Formats;

public sealed class KillWhileSavingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Model => _folder["model.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_process_killed_in_the_middle_of_a_save_leaves_the_old_file()
    {
        SavingProcess.Save(Model, 7);
        using (var process = SavingProcess.Start(SavingProcess.Half, Model))
        {
            string half = Assert.Single(Directory.GetFiles(_folder.FullPath, ".cnnfast.*.tmp"));
            Assert.InRange(new FileInfo(half).Length, 900_000, 1_100_000);
            process.Kill();
        }

        Assert.Equal(7, SavingProcess.ReadVersion(Model));
        SavingProcess.Save(Model, 8);
        Assert.Equal(8, SavingProcess.ReadVersion(Model));
    }

    [Fact]
    public void A_process_killed_at_any_moment_leaves_the_old_file_or_the_new_one()
    {
        const int Kills = 15;
        var random = new Random(11);
        SavingProcess.Save(Model, 1);
        int version = 1;
        for (int kill = 0; kill < Kills; kill++)
        {
            using (var process = SavingProcess.Start(SavingProcess.Loop, Model))
            {
                Thread.Sleep(random.Next(60));
                process.Kill();
            }

            int now = SavingProcess.ReadVersion(Model);
            Assert.InRange(now, version, int.MaxValue);
            version = now;
        }

        Assert.InRange(version, Kills + 1, int.MaxValue);
        Assert.NotEmpty(Directory.GetFiles(_folder.FullPath, ".cnnfast.*.tmp"));
    }
}
